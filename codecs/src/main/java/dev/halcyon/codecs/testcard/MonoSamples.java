package dev.halcyon.codecs.testcard;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S32;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S32P;
import static org.bytedeco.ffmpeg.global.avutil.av_get_bytes_per_sample;
import static org.bytedeco.ffmpeg.global.avutil.av_sample_fmt_is_planar;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** A decoded audio frame as the mean of its channels. Any thread. */
public final class MonoSamples {
  private MonoSamples() {}

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA for a sample format that no decoder of ours gives
   */
  public static float[] of(AVFrame frame) {
    int format = frame.format();
    int channels = frame.ch_layout().nb_channels();
    int samples = frame.nb_samples();
    int width = av_get_bytes_per_sample(format);
    boolean isPlanar = av_sample_fmt_is_planar(format) != 0;
    int planes = isPlanar ? channels : 1;
    int perPlane = isPlanar ? samples : samples * channels;
    float[] mono = new float[samples];
    for (int plane = 0; plane < planes; plane++) {
      ByteBuffer bytes =
          frame
              .extended_data(plane)
              .capacity((long) perPlane * width)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      for (int i = 0; i < perPlane; i++) {
        mono[isPlanar ? i : i / channels] += value(bytes, format, i) / channels;
      }
    }
    return mono;
  }

  private static float value(ByteBuffer bytes, int format, int index) {
    if (format == AV_SAMPLE_FMT_FLTP || format == AV_SAMPLE_FMT_FLT) {
      return bytes.getFloat(index * Float.BYTES);
    }
    if (format == AV_SAMPLE_FMT_S16P || format == AV_SAMPLE_FMT_S16) {
      return bytes.getShort(index * Short.BYTES) / 32_768f;
    }
    if (format == AV_SAMPLE_FMT_S32P || format == AV_SAMPLE_FMT_S32) {
      return bytes.getInt(index * Integer.BYTES) / 0x1p31f;
    }
    throw new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, "sample format not readable [format=" + format + "]");
  }
}
