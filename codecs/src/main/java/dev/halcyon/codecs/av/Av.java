package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.charset.StandardCharsets;

/** FFmpeg's return codes as ours. Any thread. */
public final class Av {
  private Av() {}

  /**
   * Passes a non-negative return value through.
   *
   * @param call the FFmpeg function, named in the error
   * @throws HalcyonException END_OF_STREAM, WOULD_BLOCK, CORRUPT_MEDIA, NETWORK_LOST or IO_FAILED
   */
  public static int check(int returned, String call) {
    if (returned >= 0) {
      return returned;
    }
    throw new HalcyonException(codeOf(returned), call + ": " + text(returned));
  }

  /**
   * Passes a pointer through.
   *
   * @throws HalcyonException INTERNAL when FFmpeg could not allocate
   */
  public static <T extends org.bytedeco.javacpp.Pointer> T checkNotNull(T pointer, String call) {
    if (pointer == null || pointer.isNull()) {
      throw new HalcyonException(ErrorCode.INTERNAL, call + ": returned no object");
    }
    return pointer;
  }

  private static ErrorCode codeOf(int returned) {
    if (returned == AVERROR_EOF()) {
      return ErrorCode.END_OF_STREAM;
    }
    if (returned == AVERROR_EAGAIN()) {
      return ErrorCode.WOULD_BLOCK;
    }
    if (returned == AVERROR_INVALIDDATA()) {
      return ErrorCode.CORRUPT_MEDIA;
    }
    return returned == AVERROR_EIO() ? ErrorCode.NETWORK_LOST : ErrorCode.IO_FAILED;
  }

  private static String text(int returned) {
    byte[] text = new byte[128];
    av_strerror(returned, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8) + " (" + returned + ")";
  }
}
