package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.BitReader;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.PcmFormat;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Which encodings of RTP are understood, and how. No state. */
public final class PayloadFormats {
  /** No field of an AU header needs more. */
  private static final int MAX_FIELD_BITS = 24;

  private static final int MAX_UNIT_BYTES = 64 << 10;

  private static final UnitSink NOBODY =
      new UnitSink() {
        @Override
        public void onFormat(TrackFormat format, int reorderPictures, long pictureUs) {}

        @Override
        public void onUnit(long ticks, boolean isKeyframe, ByteBuffer unit) {}

        @Override
        public void onKeyframeNeeded() {}

        @Override
        public void onFailure(String reason) {}
      };

  private static final SoundEncoding NOTHING_ENCODED =
      new SoundEncoding() {
        @Override
        public boolean encode(float[][] planes) {
          return false;
        }

        @Override
        public void close() {}
      };

  private PayloadFormats() {}

  /**
   * Checks that a format is understood, without keeping anything of it.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA: what is wrong with it
   */
  public static void require(MediaKind kind, RtpFormat format) {
    boolean isVideo =
        switch (format.encoding()) {
          case "H264", "H265", "HEVC", "VP8", "VP9", "AV1" -> true;
          default -> false;
        };
    if (isVideo != (kind == MediaKind.VIDEO)) {
      throw unsupported(format.encoding() + " is not supported");
    }
    SoundEncoding.Factory none = (rateHz, channels, sink) -> NOTHING_ENCODED;
    BufferAccount nothing = new BufferAccount(0, new AtomicLong());
    open(format, NOBODY, new RtpCounts(), nothing, none).close();
  }

  /**
   * The depacketizer of a format.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA: what is wrong with it
   */
  static Depacketizer open(
      RtpFormat format,
      UnitSink sink,
      RtpCounts counts,
      BufferAccount account,
      SoundEncoding.Factory encodings) {
    return switch (format.encoding()) {
      case "H264" -> video(h264(format), sink, counts, account);
      case "H265", "HEVC" -> video(h265(format), sink, counts, account);
      case "VP8" -> video(new Vp8Payload(), sink, counts, account);
      case "VP9" -> video(new Vp9Payload(), sink, counts, account);
      case "AV1" -> video(new Av1Payload(account), sink, counts, account);
      case "MPEG4-GENERIC" -> aac(format, sink, account);
      case "MP4A-LATM" -> latm(format, sink, account);
      case "OPUS" -> new OpusDepacketizer(2, sink, counts);
      case "MPA" -> new MpegAudioDepacketizer(sink, account);
      case "PCMU" -> pcm(PcmFormat.Encoding.MU_LAW, format, encodings, sink, counts);
      case "PCMA" -> pcm(PcmFormat.Encoding.A_LAW, format, encodings, sink, counts);
      case "L16" -> pcm(PcmFormat.Encoding.L16, format, encodings, sink, counts);
      default -> throw unsupported(format.encoding() + " is not supported");
    };
  }

  private static Depacketizer video(
      PicturePayload payload, UnitSink sink, RtpCounts counts, BufferAccount account) {
    return new VideoDepacketizer(payload, sink, counts, account);
  }

  private static PicturePayload h264(RtpFormat format) {
    if (format.number("packetization-mode", 2, 0) == 2) {
      throw unsupported("interleaved H.264 (packetization-mode 2) is not supported");
    }
    return new H264Payload(format.base64("sprop-parameter-sets"));
  }

  private static PicturePayload h265(RtpFormat format) {
    if (format.number("sprop-max-don-diff", 32_767, 0) > 0) {
      throw unsupported("interleaved H.265 (sprop-max-don-diff) is not supported");
    }
    return new H265Payload(format.base64("sprop-vps", "sprop-sps", "sprop-pps"));
  }

  private static Depacketizer aac(RtpFormat format, UnitSink sink, BufferAccount account) {
    byte[] config =
        format
            .hex("config")
            .orElseThrow(() -> unsupported("MPEG4-GENERIC without its configuration"));
    AudioFormat audio = AacConfig.parse(ByteBuffer.wrap(config));
    var layout =
        new AacDepacketizer.Layout(
            bits(format, "sizelength"),
            bits(format, "indexlength"),
            bits(format, "indexdeltalength"),
            bits(format, "ctsdeltalength"),
            bits(format, "dtsdeltalength"),
            format.number("randomaccessindication", 1, 0),
            bits(format, "streamstateindication"),
            bits(format, "auxiliarydatasizelength"),
            format.number("constantsize", MAX_UNIT_BYTES, 0));
    return new AacDepacketizer(audio, layout, format.clockHz(), sink, account);
  }

  private static int bits(RtpFormat format, String name) {
    return format.number(name, MAX_FIELD_BITS, 0);
  }

  private static Depacketizer latm(RtpFormat format, UnitSink sink, BufferAccount account) {
    boolean isInBand = format.number("cpresent", 1, 1) == 1;
    Optional<LatmConfig> config =
        format.hex("config").map(bytes -> LatmConfig.read(new BitReader(bytes)));
    if (!isInBand && config.isEmpty()) {
      throw unsupported("MP4A-LATM without its configuration");
    }
    return new LatmDepacketizer(config, isInBand, format.clockHz(), sink, account);
  }

  private static Depacketizer pcm(
      PcmFormat.Encoding encoding,
      RtpFormat format,
      SoundEncoding.Factory encodings,
      UnitSink sink,
      RtpCounts counts) {
    if (format.clockHz() < 4_000 || format.clockHz() > 96_000 || format.channels() > 2) {
      throw unsupported(format.encoding() + " at " + format.clockHz() + "/" + format.channels());
    }
    PcmFormat pcm = new PcmFormat(encoding, format.clockHz(), format.channels());
    return new PcmDepacketizer(pcm, format.clockHz(), encodings, sink, counts);
  }

  private static HalcyonException unsupported(String what) {
    return new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, what);
  }
}
