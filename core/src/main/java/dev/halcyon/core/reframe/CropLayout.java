package dev.halcyon.core.reframe;

/** How the pictures of a shot fill the frame of a clip. */
public enum CropLayout {
  /** One rectangle of the source fills the frame. */
  SINGLE,
  /** Two rectangles of the source fill its upper and its lower half. */
  SPLIT,
  /** All of the source stands in the middle; blurred, it fills the rest. */
  PAD
}
