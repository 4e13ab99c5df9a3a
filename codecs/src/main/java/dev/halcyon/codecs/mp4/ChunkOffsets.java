package dev.halcyon.codecs.mp4;

/** How wide a file states where its chunks are. */
enum ChunkOffsets {
  /** {@code stco}: files up to 4 GiB. */
  NARROW,
  /** {@code co64}. */
  WIDE
}
