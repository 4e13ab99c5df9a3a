package dev.halcyon.codecs.matroska;

import dev.halcyon.codecs.bitstream.CodedDisplay;
import dev.halcyon.codecs.bitstream.FlacConfig;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes what a file says of one track (RFC 9559, section 5.1.4; codec mappings of the Matroska
 * codec registry).
 *
 * <pre>
 *   AE TrackEntry
 *   ├ D7 number  73C5 uid  83 type  88 default  9C lacing  22B59C language
 *   ├ 86 codec  63A2 its configuration  56AA codec delay  56BB preroll after a seek
 *   ├ E0 video    B0 BA size  54B0 54BA shown size  55B0 colour  7670 turn
 *   └ E1 audio    B5 rate  9F channels
 * </pre>
 */
final class TrackEntry {
  private static final int VIDEO = 1;
  private static final int AUDIO = 2;
  private static final int LIMITED_RANGE = 1;
  private static final int FULL_RANGE = 2;
  private static final int OPUS_RATE_HZ = 48_000;

  /** {@code dOps} up to and with the mapping family. */
  private static final int DOPS_BYTES = 11;

  /** Units of chromaticity and of luminance, ITU-T H.265 D.3.28. */
  private static final double CHROMATICITY = 50_000;

  private static final double LUMINANCE = 10_000;

  private final EbmlWriter out;
  private final MatroskaTrack track;

  TrackEntry(EbmlWriter out, MatroskaTrack track) {
    this.out = out;
    this.track = track;
  }

  /**
   * @param number from 1
   * @param isDefault whether a player takes it unasked
   */
  void write(int number, boolean isDefault) {
    out.begin(0xae).unsigned(0xd7, number).unsigned(0x73c5, number);
    out.unsigned(0x83, track.isVideo() ? VIDEO : AUDIO).unsigned(0x88, isDefault ? 1 : 0);
    out.unsigned(0x9c, 0).text(0x22b59c, "und").text(0x86, codecId(track.format()));
    codecPrivate().ifPresent(config -> out.binary(0x63a2, config));
    if (track.codecDelayNs() > 0) {
      out.unsigned(0x56aa, track.codecDelayNs());
    }
    if (track.seekPrerollNs() > 0) {
      out.unsigned(0x56bb, track.seekPrerollNs());
    }
    switch (track.format()) {
      case VideoFormat video -> writeVideo(video);
      case AudioFormat audio ->
          out.begin(0xe1).number(0xb5, audio.sampleRateHz()).unsigned(0x9f, audio.channels()).end();
    }
    out.end();
  }

  private static String codecId(TrackFormat format) {
    return switch (format.codec()) {
      case H264 -> "V_MPEG4/ISO/AVC";
      case HEVC -> "V_MPEGH/ISO/HEVC";
      case AV1 -> "V_AV1";
      case VP8 -> "V_VP8";
      case VP9 -> "V_VP9";
      case AAC -> "A_AAC";
      case OPUS -> "A_OPUS";
      case MP3 -> "A_MPEG/L3";
      case FLAC -> "A_FLAC";
      case AC3 -> "A_AC3";
    };
  }

  private Optional<Bytes> codecPrivate() {
    Bytes config = track.format().config();
    return switch (track.format().codec()) {
      case H264, HEVC, AV1, AAC -> Optional.of(required(config));
      case OPUS -> Optional.of(opusHead((AudioFormat) track.format()));
      case FLAC -> Optional.of(flacHead(required(config)));
      // VP8 has none, that of VP9 is optional, and the packets of MP3 and AC-3 say it all.
      case VP8, VP9, MP3, AC3 -> Optional.empty();
    };
  }

  private Bytes required(Bytes config) {
    if (config.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, track.format().codec() + " without its configuration");
    }
    return config;
  }

  /** RFC 7845 section 5.1; what is skipped at the start is the codec delay, said once more. */
  private Bytes opusHead(AudioFormat audio) {
    Bytes box = audio.config();
    boolean isKnown = box.length() >= DOPS_BYTES;
    if (!isKnown && audio.channels() > 2) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "Opus with more than two channels needs its channel map");
    }
    ByteBuffer from = isKnown ? box.asBuffer() : ByteBuffer.allocate(DOPS_BYTES);
    long skipSamples = Math.round(track.codecDelayNs() * (OPUS_RATE_HZ / 1e9));
    ByteBuffer head =
        ByteBuffer.allocate(8 + from.remaining())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
            .put((byte) 1)
            .put((byte) audio.channels())
            .putShort((short) Math.min(skipSamples, 0xffff))
            .putInt(isKnown ? from.getInt(4) : OPUS_RATE_HZ)
            .putShort(from.getShort(8));
    from.position(from.position() + DOPS_BYTES - 1);
    return Bytes.copyOf(head.put(from).flip());
  }

  private static Bytes flacHead(Bytes config) {
    Bytes info =
        FlacConfig.streamInfo(config)
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.UNSUPPORTED_MEDIA, "FLAC without a readable STREAMINFO"));
    ByteBuffer head = ByteBuffer.allocate(8 + info.length());
    head.put("fLaC".getBytes(StandardCharsets.US_ASCII)).putInt(0x8000_0000 | info.length());
    return Bytes.copyOf(head.put(info.asBuffer()).flip());
  }

  private void writeVideo(VideoFormat video) {
    Display display = CodedDisplay.of(video);
    SampleAspect aspect = display.sampleAspect().orElse(SampleAspect.SQUARE);
    out.begin(0xe0).unsigned(0xb0, video.widthPx()).unsigned(0xba, video.heightPx());
    if (!aspect.isSquare()) {
      long shownWidth = Math.round((double) video.widthPx() * aspect.width() / aspect.height());
      out.unsigned(0x54b0, Math.max(1, shownWidth)).unsigned(0x54ba, video.heightPx());
    }
    if (display.colour().isPresent() || display.mastering().isPresent()) {
      writeColour(display);
    }
    if (video.display().orientation() != Orientation.UPRIGHT) {
      writeTurn(video.display().orientation());
    }
    out.end();
  }

  private void writeColour(Display display) {
    out.begin(0x55b0);
    display.colour().ifPresent(this::writeCodes);
    display
        .light()
        .ifPresent(light -> out.unsigned(0x55bc, light.maxCll()).unsigned(0x55bd, light.maxFall()));
    display.mastering().ifPresent(this::writeMastering);
    out.end();
  }

  private void writeCodes(ColourCode colour) {
    out.unsigned(0x55b1, colour.matrix())
        .unsigned(0x55b9, colour.isFullRange() ? FULL_RANGE : LIMITED_RANGE)
        .unsigned(0x55ba, colour.transfer())
        .unsigned(0x55bb, colour.primaries());
  }

  private void writeMastering(MasteringDisplay screen) {
    out.begin(0x55d0);
    writePoint(0x55d1, screen.red());
    writePoint(0x55d3, screen.green());
    writePoint(0x55d5, screen.blue());
    writePoint(0x55d7, screen.white());
    out.number(0x55d9, screen.maxLuminance() / LUMINANCE);
    out.number(0x55da, screen.minLuminance() / LUMINANCE).end();
  }

  private void writePoint(int id, MasteringDisplay.Point point) {
    out.number(id, point.x() / CHROMATICITY).number(id + 1, point.y() / CHROMATICITY);
  }

  /** A flat picture that is rolled, counter-clockwise; of mirrors Matroska knows nothing. */
  private void writeTurn(Orientation turn) {
    double degrees =
        switch (turn) {
          case UPRIGHT, MIRRORED -> 0;
          case CLOCKWISE_90, MIRRORED_CLOCKWISE_90 -> -90;
          case UPSIDE_DOWN, MIRRORED_UPSIDE_DOWN -> 180;
          case CLOCKWISE_270, MIRRORED_CLOCKWISE_270 -> 90;
        };
    out.begin(0x7670).unsigned(0x7671, 0).number(0x7675, degrees).end();
  }
}
