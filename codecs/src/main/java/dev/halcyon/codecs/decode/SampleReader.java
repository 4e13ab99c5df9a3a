package dev.halcyon.codecs.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_BACK_CENTER;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_BACK_LEFT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_BACK_RIGHT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_FRONT_CENTER;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_FRONT_LEFT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_FRONT_RIGHT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_LOW_FREQUENCY;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_SIDE_LEFT;
import static org.bytedeco.ffmpeg.global.avutil.AV_CHAN_SIDE_RIGHT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S16P;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S32;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_S32P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_channel_from_index;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Copies a decoded frame's samples into reused float planes. One thread. */
public final class SampleReader {
  /** Twelve dB over full scale at most; what is beyond, or no number, is damage and reads as 0. */
  private static final float MOST = 16f;

  private static final int MAX_CHANNELS = 64;

  private float[][] planes = new float[0][0];
  private List<Speaker> speakers = List.of();

  /** The block is valid until the next call. */
  public AudioBlock read(AVFrame frame, long ptsUs) {
    int channels = frame.ch_layout().nb_channels();
    int samples = frame.nb_samples();
    if (channels < 1 || channels > MAX_CHANNELS || frame.sample_rate() < 1) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "decoded sound [channels=" + channels + ", rate=" + frame.sample_rate() + "]");
    }
    fit(frame, channels, samples);
    int format = frame.format();
    switch (format) {
      case AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_S16P, AV_SAMPLE_FMT_S32P -> {
        for (int channel = 0; channel < channels; channel++) {
          copy(buffer(frame, channel, format, samples), format, 0, 1, planes[channel], samples);
        }
      }
      case AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S32 -> {
        ByteBuffer all = buffer(frame, 0, format, samples * channels);
        for (int channel = 0; channel < channels; channel++) {
          copy(all, format, channel, channels, planes[channel], samples);
        }
      }
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "sample format [format=" + format + "]");
    }
    return new AudioBlock(ptsUs, frame.sample_rate(), speakers, planes, samples);
  }

  private void fit(AVFrame frame, int channels, int samples) {
    if (planes.length != channels || planes[0].length < samples) {
      planes = new float[channels][samples];
    }
    boolean isSame = speakers.size() == channels;
    for (int channel = 0; isSame && channel < channels; channel++) {
      isSame = speakers.get(channel) == speaker(frame, channel);
    }
    if (!isSame) {
      List<Speaker> found = new ArrayList<>();
      for (int channel = 0; channel < channels; channel++) {
        found.add(speaker(frame, channel));
      }
      speakers = List.copyOf(found);
    }
  }

  private static Speaker speaker(AVFrame frame, int channel) {
    return switch (av_channel_layout_channel_from_index(frame.ch_layout(), channel)) {
      case AV_CHAN_FRONT_LEFT -> Speaker.FRONT_LEFT;
      case AV_CHAN_FRONT_RIGHT -> Speaker.FRONT_RIGHT;
      case AV_CHAN_FRONT_CENTER -> Speaker.FRONT_CENTER;
      case AV_CHAN_LOW_FREQUENCY -> Speaker.LOW_FREQUENCY;
      case AV_CHAN_BACK_LEFT -> Speaker.BACK_LEFT;
      case AV_CHAN_BACK_RIGHT -> Speaker.BACK_RIGHT;
      case AV_CHAN_SIDE_LEFT -> Speaker.SIDE_LEFT;
      case AV_CHAN_SIDE_RIGHT -> Speaker.SIDE_RIGHT;
      case AV_CHAN_BACK_CENTER -> Speaker.BACK_CENTER;
      default -> Speaker.OTHER;
    };
  }

  private static ByteBuffer buffer(AVFrame frame, int plane, int format, int values) {
    int length = values * (isShort(format) ? Short.BYTES : Integer.BYTES);
    return frame
        .extended_data(plane)
        .capacity(length)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder());
  }

  private static boolean isShort(int format) {
    return format == AV_SAMPLE_FMT_S16 || format == AV_SAMPLE_FMT_S16P;
  }

  private static void copy(
      ByteBuffer from, int format, int first, int stride, float[] to, int samples) {
    if (isShort(format)) {
      for (int i = 0, at = first; i < samples; i++, at += stride) {
        to[i] = from.getShort(at * Short.BYTES) * 0x1p-15f;
      }
    } else if (format == AV_SAMPLE_FMT_S32 || format == AV_SAMPLE_FMT_S32P) {
      for (int i = 0, at = first; i < samples; i++, at += stride) {
        to[i] = from.getInt(at * Integer.BYTES) * 0x1p-31f;
      }
    } else {
      for (int i = 0, at = first; i < samples; i++, at += stride) {
        float value = from.getFloat(at * Float.BYTES);
        to[i] = Math.abs(value) <= MOST ? value : 0f;
      }
    }
  }
}
