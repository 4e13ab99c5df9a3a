package dev.halcyon.codecs.testcard;

import java.util.Optional;

/**
 * What a test card's picture says about itself.
 *
 * @param index the picture's number from 0, in presentation order; 24 bits (77 h at 60 fps)
 * @param cardId whose picture it is; 8 bits
 * @param timeUs when it is shown, in programme time; 40 bits (305 h)
 */
public record FrameStamp(int index, int cardId, long timeUs) {
  static final int MAX_INDEX = (1 << 24) - 1;
  static final int MAX_CARD_ID = 255;
  static final long MAX_TIME_US = (1L << 40) - 1;

  public FrameStamp {
    if (index < 0 || index > MAX_INDEX) {
      throw new IllegalArgumentException("frame index out of range [index=" + index + "]");
    }
    if (cardId < 0 || cardId > MAX_CARD_ID) {
      throw new IllegalArgumentException("card id out of range [cardId=" + cardId + "]");
    }
    if (timeUs < 0 || timeUs > MAX_TIME_US) {
      throw new IllegalArgumentException("programme time out of range [timeUs=" + timeUs + "]");
    }
  }

  /**
   * What a picture that is shown somewhere says; empty when no code is in it.
   *
   * @param luma brightness, row by row without padding, 0 black to 255 white
   */
  public static Optional<FrameStamp> read(byte[] luma, int widthPx, int heightPx) {
    if (luma.length != widthPx * heightPx) {
      throw new IllegalArgumentException(
          "not a picture of " + widthPx + "x" + heightPx + " [lengthBytes=" + luma.length + "]");
    }
    return FrameCode.read(
        new LumaPlane() {
          @Override
          public int widthPx() {
            return widthPx;
          }

          @Override
          public int heightPx() {
            return heightPx;
          }

          @Override
          public int at(int xPx, int yPx) {
            return luma[yPx * widthPx + xPx] & 0xff;
          }
        });
  }
}
