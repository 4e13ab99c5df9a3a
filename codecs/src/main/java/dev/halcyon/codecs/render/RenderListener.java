package dev.halcyon.codecs.render;

/**
 * Is told how far a render is. Called on any thread of the render, one call at a time; returns
 * soon.
 */
@FunctionalInterface
public interface RenderListener {
  RenderListener NONE = progress -> {};

  /**
   * How far a render is.
   *
   * @param frames of the clip that are done, found or made
   * @param ofFrames all of them
   */
  record Progress(int frames, int ofFrames) {
    /** 0..1 */
    public double part() {
      return (double) frames / ofFrames;
    }
  }

  void onProgress(Progress progress);
}
