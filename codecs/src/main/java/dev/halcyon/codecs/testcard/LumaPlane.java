package dev.halcyon.codecs.testcard;

/** A decoded picture's brightness, however it is stored. */
interface LumaPlane {
  int widthPx();

  int heightPx();

  /** 0 (black) to 255 (white); inside the picture only. */
  int at(int xPx, int yPx);
}
