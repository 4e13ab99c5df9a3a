package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_INPUT_BUFFER_PADDING_SIZE;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_mallocz;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.bitstream.CodedDisplay;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.javacpp.BytePointer;

/** Our track formats as libavformat's codec parameters, and back. Any thread. */
final class CodecParameters {
  /** AAC frames, and what an encoder's filter bank needs before the first sample. */
  static final int AAC_FRAME_SAMPLES = 1024;

  /** Far above any real parameter set. */
  private static final int MAX_CONFIG_BYTES = 1 << 20;

  private CodecParameters() {}

  /** Describes a track to a muxer. */
  static void write(TrackFormat format, AVCodecParameters parameters) {
    parameters.codec_id(CodecIds.of(format.codec())).codec_tag(0);
    switch (format) {
      case VideoFormat video -> {
        parameters
            .codec_type(AVMEDIA_TYPE_VIDEO)
            .format(AV_PIX_FMT_YUV420P)
            .width(video.widthPx())
            .height(video.heightPx());
        DisplayParameters.write(CodedDisplay.of(video), parameters);
      }
      case AudioFormat audio -> {
        parameters.codec_type(AVMEDIA_TYPE_AUDIO).sample_rate(audio.sampleRateHz());
        av_channel_layout_default(parameters.ch_layout(), audio.channels());
        if (audio.codec() == Codec.AAC) {
          parameters.frame_size(AAC_FRAME_SAMPLES);
        }
        if (audio.codec() == Codec.OPUS) {
          parameters.initial_padding(CodecIds.opusPreSkip(audio.config()));
        }
      }
    }
    byte[] extradata = CodecIds.extradata(format);
    if (extradata.length > 0) {
      BytePointer copy =
          new BytePointer(
              Av.checkNotNull(
                  av_mallocz(extradata.length + (long) AV_INPUT_BUFFER_PADDING_SIZE),
                  "av_mallocz"));
      copy.put(extradata, 0, extradata.length);
      parameters.extradata(copy).extradata_size(extradata.length);
    }
  }

  /** What a demuxer says about one stream; empty for what we cannot carry. */
  static Optional<Track> read(int index, AVCodecParameters parameters) {
    int length = parameters.extradata_size();
    if (index >= Track.MAX_TRACKS || length > MAX_CONFIG_BYTES) {
      return Optional.empty();
    }
    byte[] extradata = new byte[length];
    if (length > 0) {
      parameters.extradata().get(extradata, 0, length);
    }
    return CodecIds.codecOf(parameters.codec_id())
        .map(codec -> new Track(index, formatOf(codec, parameters, extradata)));
  }

  private static TrackFormat formatOf(Codec codec, AVCodecParameters parameters, byte[] extradata) {
    if (codec.isVideo()) {
      return new VideoFormat(
          codec,
          parameters.width(),
          parameters.height(),
          Bytes.copyOf(extradata),
          DisplayParameters.read(parameters));
    }
    return new AudioFormat(
        codec,
        parameters.sample_rate(),
        parameters.ch_layout().nb_channels(),
        codec == Codec.OPUS ? CodecIds.opusConfig(extradata) : Bytes.copyOf(extradata));
  }
}
