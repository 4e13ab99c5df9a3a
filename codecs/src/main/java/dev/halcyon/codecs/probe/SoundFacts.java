package dev.halcyon.codecs.probe;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_get;

import dev.halcyon.core.asset.SoundStream;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** What the first decoded samples of a stream tell about all of them. One thread. */
final class SoundFacts {
  /** A language's tag is short; what is longer is not one. */
  private static final int MAX_LANGUAGE = 16;

  private int sampleRateHz;
  private int channels;

  void onSamples(AVFrame samples) {
    if (sampleRateHz == 0) {
      sampleRateHz = samples.sample_rate();
      channels = samples.ch_layout().nb_channels();
    }
  }

  boolean isKnown() {
    return sampleRateHz > 0 && channels > 0;
  }

  static boolean isDefault(AVStream stream) {
    return (stream.disposition() & AV_DISPOSITION_DEFAULT) != 0;
  }

  private static String codec(AVStream stream) {
    return avcodec_get_name(stream.codecpar().codec_id()).getString();
  }

  SoundStream stream(AVStream stream, boolean isDefault) {
    return new SoundStream(
        stream.index(), codec(stream), sampleRateHz, channels, language(stream), isDefault);
  }

  private static String language(AVStream stream) {
    if (stream.metadata() == null) {
      return "";
    }
    AVDictionaryEntry entry = av_dict_get(stream.metadata(), "language", null, 0);
    String value = entry == null ? "" : entry.value().getString();
    boolean isTag =
        value.length() <= MAX_LANGUAGE
            && value.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '-'));
    return isTag && !value.equals("und") ? value : "";
  }
}
