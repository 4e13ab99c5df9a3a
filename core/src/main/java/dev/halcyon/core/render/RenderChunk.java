package dev.halcyon.core.render;

/**
 * A run of pictures that is encoded by an encoder of its own.
 *
 * @param fromFrame its first picture in the clip
 * @param toFrame the first after it
 * @param key names all that goes into it: chunks of equal keys have equal bits, wherever in
 *     whatever clip they stand
 */
public record RenderChunk(int fromFrame, int toFrame, String key) {
  public RenderChunk {
    if (fromFrame < 0 || toFrame <= fromFrame) {
      throw new IllegalArgumentException(
          "no pictures [fromFrame=" + fromFrame + ", toFrame=" + toFrame + "]");
    }
  }

  public int frames() {
    return toFrame - fromFrame;
  }
}
