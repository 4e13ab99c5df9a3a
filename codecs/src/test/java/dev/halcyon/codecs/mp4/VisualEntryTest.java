package dev.halcyon.codecs.mp4;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.codecs.mux.VideoEncoder.Gop;
import dev.halcyon.codecs.mux.VideoEncoder.Scan;
import dev.halcyon.codecs.mux.VideoEncoder.Settings;
import dev.halcyon.core.cut.CutEdit;
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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a file says of how pictures are shown, bit by bit and as FFmpeg's demuxer reads it. */
class VisualEntryTest {
  private static final MasteringDisplay P3 =
      new MasteringDisplay(
          new Point(13_250, 34_500),
          new Point(7_500, 3_000),
          new Point(34_000, 16_000),
          new Point(15_635, 16_450),
          10_000_000,
          50);

  /** A VisualSampleEntry before its boxes, without its own head. */
  private static final int ENTRY_BYTES = 78;

  @TempDir private Path folder;

  private Path write(Codec codec, Display coded, Display beside) throws IOException {
    Settings settings =
        new Settings(
            codec, 160, 96, FrameRate.FPS_25, 10, 0, Gop.CLOSED, Scan.PROGRESSIVE, 0, coded);
    List<EncodedUnit> units = new ArrayList<>();
    Path file = folder.resolve("shown.mp4");
    try (VideoEncoder encoder = new VideoEncoder(settings);
        FileChannel out =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      for (int i = 0; i < 5; i++) {
        encoder.encode(new byte[160 * 96], new byte[80 * 48], new byte[80 * 48], i, units::add);
      }
      encoder.finish(units::add);
      SampleTable samples = new SampleTable();
      for (EncodedUnit unit : units) {
        SampleTable.Kind kind = unit.isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER;
        samples.add(unit.payload().length(), 40_000, 0, kind, 0);
      }
      VideoFormat format = encoder.format().withDisplay(beside);
      Mp4File.of(
              List.of(
                  new Mp4Track(
                      List.of(format), 1_000_000, samples, List.of(new CutEdit(200_000, 0)))))
          .write(
              out, (track, sample, target) -> target.put(units.get(sample).payload().asBuffer()));
    }
    return file;
  }

  private static List<BoxTree> boxesOfEntry(Path file) throws IOException {
    List<BoxTree> boxes = BoxTree.parse(ByteBuffer.wrap(Files.readAllBytes(file)));
    ByteBuffer stsd = BoxTree.find(boxes, "moov", "trak", "mdia", "minf", "stbl", "stsd").body();
    BoxTree entry = BoxTree.parse(stsd.slice(8, stsd.limit() - 8)).getFirst();
    return BoxTree.parse(entry.body().slice(ENTRY_BYTES, entry.body().limit() - ENTRY_BYTES));
  }

  private static String hex(List<BoxTree> boxes, String type) {
    ByteBuffer body = BoxTree.find(boxes, type).body();
    byte[] bytes = new byte[body.limit()];
    body.get(0, bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void carriesWhatAContainerSaidOfHdr() throws IOException {
    Display beside =
        new Display(
            Orientation.UPRIGHT,
            Optional.of(new SampleAspect(4, 3)),
            Optional.of(new ColourCode(9, 16, 9, false)),
            Optional.of(P3),
            Optional.of(new ContentLight(1000, 400)));
    for (Codec codec : List.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1)) {
      Path file = write(codec, Display.PLAIN, beside);
      List<BoxTree> boxes = boxesOfEntry(file);
      assertEquals("6e636c78" + "0009" + "0010" + "0009" + "00", hex(boxes, "colr"), codec::name);
      assertEquals("0000000400000003", hex(boxes, "pasp"), codec::name);
      assertEquals(
          "33c286c4" + "1d4c0bb8" + "84d03e80" + "3d134042" + "00989680" + "00000032",
          hex(boxes, "mdcv"),
          codec::name);
      assertEquals("03e80190", hex(boxes, "clli"), codec::name);
      try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file)) {
        Display read = ((VideoFormat) demuxer.track(0).orElseThrow().format()).display();
        // FFmpeg believes the coded media where both speak of colour and aspect.
        assertEquals(beside.mastering(), read.mastering(), codec::name);
        assertEquals(beside.light(), read.light(), codec::name);
      }
    }
  }

  @Test
  void saysNothingOfColoursThatAreNotSaid() throws IOException {
    ColourCode unsaid = new ColourCode(2, 2, 2, false);
    Display coded =
        new Display(
            Orientation.UPRIGHT,
            Optional.empty(),
            Optional.of(unsaid),
            Optional.empty(),
            Optional.empty());
    List<String> types =
        boxesOfEntry(write(Codec.H264, coded, Display.PLAIN)).stream().map(BoxTree::type).toList();
    assertFalse(types.contains("colr"), types::toString);
    assertFalse(types.contains("pasp"), types::toString);
  }

  @ParameterizedTest
  @EnumSource(Orientation.class)
  void turnsPicturesByTheTracksMatrix(Orientation orientation) throws Throwable {
    assertNoLeak(
        () -> {
          Path file = write(Codec.H264, Display.PLAIN, Display.turned(orientation));
          try (DemuxerHandle demuxer = DemuxerHandle.ofFile(file)) {
            VideoFormat format = (VideoFormat) demuxer.track(0).orElseThrow().format();
            assertEquals(orientation, format.display().orientation());
          }
        });
  }

  @Test
  void movesATurnedPictureBackIntoItsPlace() throws IOException {
    Path file = write(Codec.H264, Display.PLAIN, Display.turned(Orientation.CLOCKWISE_90));
    BoxTree header =
        BoxTree.find(BoxTree.parse(ByteBuffer.wrap(Files.readAllBytes(file))), "moov", "trak")
            .at("tkhd");
    long one = 0x1_0000;
    // A point (x, y) goes to (96 - y, x).
    assertEquals(
        List.of(0L, one, 0L, -one, 0L, 0L, 96 * one, 0L, 0x4000_0000L, 160 * one, 96 * one),
        header.fields(40));
  }
}
