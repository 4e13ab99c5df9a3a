package dev.halcyon.codecs.bitstream;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.codecs.mux.VideoEncoder.Gop;
import dev.halcyon.codecs.mux.VideoEncoder.Scan;
import dev.halcyon.codecs.mux.VideoEncoder.Settings;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What real encoders were told to say is what is read of it. */
class CodedDisplayTest {
  static final MasteringDisplay P3 =
      new MasteringDisplay(
          new Point(13_250, 34_500),
          new Point(7_500, 3_000),
          new Point(34_000, 16_000),
          new Point(15_635, 16_450),
          10_000_000,
          1);
  static final Display HDR10 =
      new Display(
          Orientation.UPRIGHT,
          Optional.of(new SampleAspect(16, 11)),
          Optional.of(new ColourCode(9, 16, 9, false)),
          Optional.of(P3),
          Optional.of(new ContentLight(1000, 400)));

  /** Units of type 5 with a size: content light 1000, 400; display P3, 1000 cd/m². */
  static final String AV1_METADATA =
      "2a060103e8019080"
          + "2a1a02"
          + "ae1451ec43d7b0a40f5c2666" // red, green, blue in 1/65,536
          + "500d5439"
          + "0003e800"
          + "00000001"
          + "80";

  /** A track and its first keyframe. */
  record Coded(VideoFormat format, Bytes keyframe) {}

  static Coded coded(Codec codec, Display display, Scan scan, int bFrames) {
    int width = 160;
    int height = 96;
    Settings settings =
        new Settings(
            codec, width, height, FrameRate.FPS_25, 10, bFrames, Gop.CLOSED, scan, 0, display);
    List<EncodedUnit> units = new ArrayList<>();
    try (VideoEncoder encoder = new VideoEncoder(settings)) {
      for (int i = 0; i < 12; i++) {
        encoder.encode(
            new byte[width * height],
            new byte[width * height / 4],
            new byte[width * height / 4],
            i,
            units::add);
      }
      encoder.finish(units::add);
      return new Coded(encoder.format(), units.getFirst().payload());
    }
  }

  private static Display shown(SampleAspect aspect, ColourCode colour) {
    return new Display(
        Orientation.UPRIGHT,
        Optional.of(aspect),
        Optional.of(colour),
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC"})
  void readsAspectAndColourOfParameterSets(Codec codec) throws Throwable {
    for (SampleAspect aspect : List.of(new SampleAspect(4, 3), new SampleAspect(37, 23))) {
      for (ColourCode colour :
          List.of(
              new ColourCode(1, 1, 1, true),
              new ColourCode(9, 18, 9, false),
              new ColourCode(9, 16, 9, false))) {
        Display wanted = shown(aspect, colour);
        assertNoLeak(
            () -> {
              Coded coded = coded(codec, wanted, Scan.PROGRESSIVE, 2);
              assertEquals(wanted, CodedDisplay.of(coded.format()));
            });
      }
    }
  }

  @Test
  void readsColourOfAv1() {
    ColourCode hlg = new ColourCode(9, 18, 9, false);
    Coded coded = coded(Codec.AV1, shown(SampleAspect.SQUARE, hlg), Scan.PROGRESSIVE, 0);
    assertEquals(Optional.of(hlg), CodedDisplay.of(coded.format()).colour());
    VideoFormat bare = coded.format().withConfig(Bytes.EMPTY);
    assertTrue(FormatCompletion.isWanted(bare));
    assertEquals(coded.format(), FormatCompletion.completed(bare, coded.keyframe()));
  }

  @Test
  void writesTheConfigurationOfVp9() {
    Coded coded = coded(Codec.VP9, Display.PLAIN, Scan.PROGRESSIVE, 0);
    VideoFormat full = (VideoFormat) FormatCompletion.completed(coded.format(), coded.keyframe());
    // Version 1; profile 0, level 1, 8 bit, 4:2:0 limited range; BT.709.
    assertEquals("01000000" + "000a82" + "010101" + "0000", full.config().toString());
    assertEquals(Optional.of(new ColourCode(1, 1, 1, false)), CodedDisplay.of(full).colour());
    assertFalse(FormatCompletion.isWanted(full));
  }

  @Test
  void readsHdrOfMessages() {
    Coded coded = coded(Codec.HEVC, HDR10, Scan.PROGRESSIVE, 2);
    assertEquals(HDR10, CodedDisplay.of(coded.format()));
    assertTrue(FormatCompletion.isWanted(coded.format()));
  }

  @Test
  void findsHdrInFrontOfAKeyframe() {
    // As a source gives it that leaves messages to the keyframes: here behind the parameter sets.
    Coded coded = coded(Codec.HEVC, HDR10, Scan.PROGRESSIVE, 2);
    List<Bytes> units = NalUnits.ofConfig(coded.format());
    List<Bytes> messages =
        units.stream()
            .filter(unit -> NalUnits.typeOf(Codec.HEVC, unit) == NalUnits.HEVC_PREFIX_SEI)
            .toList();
    assertFalse(messages.isEmpty(), "the encoder gave messages");
    VideoFormat bare = coded.format().withConfig(withoutMessages(coded.format().config()));
    assertEquals(Optional.empty(), CodedDisplay.of(bare).mastering());
    VideoFormat full =
        (VideoFormat) FormatCompletion.completed(bare, prefixed(messages, coded.keyframe()));
    assertEquals(HDR10, CodedDisplay.of(full));
  }

  /** Arrays of other types than 39 stay. */
  private static Bytes withoutMessages(Bytes config) {
    int at = 23;
    for (int array = 0; array < 3; array++) {
      int count = config.at(at + 1) << 8 | config.at(at + 2);
      at += 3;
      for (int i = 0; i < count; i++) {
        at += 2 + (config.at(at) << 8 | config.at(at + 1));
      }
    }
    byte[] bytes = config.slice(0, at).toArray();
    bytes[22] = 3;
    return Bytes.copyOf(bytes);
  }

  private static Bytes prefixed(List<Bytes> units, Bytes packet) {
    StringBuilder hex = new StringBuilder();
    for (Bytes unit : units) {
      hex.append("%08x".formatted(unit.length())).append(unit);
    }
    return Bytes.copyOf(HexFormat.of().parseHex(hex.append(packet)));
  }

  @Test
  void readsHdrOfAv1Metadata() {
    Coded coded =
        coded(
            Codec.AV1,
            shown(SampleAspect.SQUARE, new ColourCode(9, 16, 9, false)),
            Scan.PROGRESSIVE,
            0);
    Bytes packet = Bytes.copyOf(HexFormat.of().parseHex(AV1_METADATA + coded.keyframe()));
    Display shown =
        CodedDisplay.of((VideoFormat) FormatCompletion.completed(coded.format(), packet));
    assertEquals(Optional.of(new ContentLight(1000, 400)), shown.light());
    MasteringDisplay screen = shown.mastering().orElseThrow();
    assertEquals(new Point(34_000, 16_000), screen.red());
    assertEquals(10_000_000, screen.maxLuminance());
  }

  @Test
  void whatIsSaidBesideTheMediaPrevails() {
    Coded coded =
        coded(
            Codec.H264,
            shown(new SampleAspect(4, 3), new ColourCode(1, 1, 1, false)),
            Scan.PROGRESSIVE,
            0);
    Display beside =
        new Display(
            Orientation.CLOCKWISE_90,
            Optional.empty(),
            Optional.of(new ColourCode(9, 18, 9, false)),
            Optional.empty(),
            Optional.empty());
    Display shown = CodedDisplay.of(coded.format().withDisplay(beside));
    assertEquals(Orientation.CLOCKWISE_90, shown.orientation());
    assertEquals(Optional.of(new SampleAspect(4, 3)), shown.sampleAspect());
    assertEquals(Optional.of(new ColourCode(9, 18, 9, false)), shown.colour());
  }

  @Test
  void tellsFieldsFromFrames() {
    Bytes progressive = sps(coded(Codec.H264, Display.PLAIN, Scan.PROGRESSIVE, 0).format());
    Bytes interlaced = sps(coded(Codec.H264, Display.PLAIN, Scan.INTERLACED, 0).format());
    assertTrue(AvcSps.parse(progressive).orElseThrow().isFramesOnly());
    AvcSps woven = AvcSps.parse(interlaced).orElseThrow();
    assertFalse(woven.isFramesOnly());
    assertEquals(160, woven.widthPx());
    assertEquals(96, woven.heightPx());
  }

  private static Bytes sps(VideoFormat format) {
    return NalUnits.ofConfig(format).getFirst();
  }

  @ParameterizedTest
  @EnumSource(
      value = Codec.class,
      names = {"H264", "HEVC", "AV1", "VP9", "VP8"})
  void findsTheSizeThatASourceDidNotState(Codec codec) {
    Coded coded = coded(codec, Display.PLAIN, Scan.PROGRESSIVE, 0);
    VideoFormat sizeless = new VideoFormat(codec, 0, 0, coded.format().config());
    VideoFormat full = (VideoFormat) FormatCompletion.completed(sizeless, coded.keyframe());
    assertEquals(160, full.widthPx());
    assertEquals(96, full.heightPx());
  }
}
