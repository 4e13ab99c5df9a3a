package dev.halcyon.codecs.decode;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A decoded picture, lent: valid only during the call that handed it over.
 *
 * @param ptsUs stream time
 * @param frame the decoder's own; read it, never write or free it
 */
public record Picture(long ptsUs, AVFrame frame) {
  public int widthPx() {
    return frame.width();
  }

  public int heightPx() {
    return frame.height();
  }
}
