package dev.halcyon.codecs.mp4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class MovieFragmentTest {
  private static final TrackFormat H264 =
      new VideoFormat(Codec.H264, 320, 240, Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6}));
  private static final TrackFormat AAC =
      new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90}));
  private static final TrackFormat OPUS = new AudioFormat(Codec.OPUS, 48_000, 2, Bytes.EMPTY);

  private static final long SYNC = 0x0200_0000;
  private static final long NOT_SYNC = 0x0101_0000;

  private static SampleTable pictures(long... compositionOffsets) {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < compositionOffsets.length; i++) {
      SampleTable.Kind kind = i == 0 ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER;
      samples.add(100 + i, 40_000 + i, compositionOffsets[i], kind, 0);
    }
    return samples;
  }

  private static SampleTable sound(int count, int formatIndex) {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < count; i++) {
      samples.add(50 + i, 1_024, 0, SampleTable.Kind.SYNC, formatIndex);
    }
    return samples;
  }

  private static List<BoxTree> boxes(MovieFragment fragment) {
    return BoxTree.parse(fragment.head());
  }

  @Test
  void statesWhereAndWhenEachRunBegins() {
    SampleTable pictures = pictures(80_000, 0, 40_000);
    MovieFragment fragment =
        MovieFragment.of(
            7,
            List.of(
                new MovieFragment.Run(0, 5_000_000_000L, pictures),
                new MovieFragment.Run(1, 48_000, sound(2, 0))));
    BoxTree moof = BoxTree.find(boxes(fragment), "moof");
    assertEquals(7, moof.at("mfhd").u32(4));
    BoxTree picture = moof.all("traf").getFirst();
    assertEquals(List.of(1L), picture.at("tfhd").fields(4));
    assertEquals(5_000_000_000L, picture.at("tfdt").u64(4));
    int payloadsBytes = fragment.head().remaining();
    assertEquals(
        List.of(
            3L,
            (long) payloadsBytes, //
            40_000L,
            100L,
            SYNC,
            80_000L, //
            40_001L,
            101L,
            NOT_SYNC,
            0L, //
            40_002L,
            102L,
            NOT_SYNC,
            40_000L),
        picture.at("trun").fields(4));
    assertEquals(0, picture.at("trun").version());
    BoxTree sound = moof.all("traf").get(1);
    assertEquals(List.of(2L, 1_024L, SYNC), sound.at("tfhd").fields(4));
    assertEquals(48_000, sound.at("tfdt").u64(4));
    assertEquals(
        List.of(2L, payloadsBytes + pictures.totalBytes(), 50L, 51L), sound.at("trun").fields(4));
    BoxTree media = BoxTree.find(boxes(fragment), "mdat");
    assertEquals(payloadsBytes, media.startBytes() + 8);
    assertEquals(payloadsBytes + 303 + 101, fragment.sizeBytes());
    assertEquals(303 + 101 + 8, fragment.head().getInt((int) media.startBytes()));
  }

  @Test
  void signsOffsetsOnlyWhenASourceNeedsIt() {
    MovieFragment fragment =
        MovieFragment.of(1, List.of(new MovieFragment.Run(0, 0, pictures(0, -40_000))));
    BoxTree run = BoxTree.find(boxes(fragment), "moof", "traf", "trun");
    assertEquals(1, run.version());
    assertEquals(-40_000, run.fields(4).getLast());
  }

  @Test
  void namesAnotherEntryThanTheFirst() {
    MovieFragment fragment = MovieFragment.of(1, List.of(new MovieFragment.Run(0, 0, sound(1, 2))));
    BoxTree head = BoxTree.find(boxes(fragment), "moof", "traf", "tfhd");
    assertEquals(List.of(1L, 3L, 1_024L, SYNC), head.fields(4));
  }

  @Test
  void refusesRunsThatAreNone() {
    SampleTable mixed = sound(1, 0);
    mixed.add(50, 1_024, 0, SampleTable.Kind.SYNC, 1);
    SampleTable none = new SampleTable();
    assertThrows(IllegalArgumentException.class, () -> new MovieFragment.Run(0, 0, mixed));
    assertThrows(IllegalArgumentException.class, () -> new MovieFragment.Run(0, 0, none));
    assertThrows(IllegalArgumentException.class, () -> new MovieFragment.Run(0, -1, sound(1, 0)));
    assertThrows(IllegalArgumentException.class, () -> MovieFragment.of(1, List.of()));
  }

  @Test
  void refusesMoreThanItsOffsetsReach() {
    SampleTable huge = new SampleTable();
    for (int i = 0; i < 3; i++) {
      huge.add(1 << 30, 1, 0, SampleTable.Kind.SYNC, 0);
    }
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> MovieFragment.of(1, List.of(new MovieFragment.Run(0, 0, huge))));
    assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refused.code());
  }

  @Test
  void continuesABeginningWithoutSamples() {
    Mp4File beginning =
        Mp4File.beginning(
            List.of(
                new Mp4Track(List.of(H264), 1_000_000, new SampleTable(), List.of()),
                new Mp4Track(List.of(OPUS), 48_000, new SampleTable(), List.of())));
    List<BoxTree> boxes = BoxTree.parse(beginning.head());
    assertEquals(List.of("ftyp", "moov"), boxes.stream().map(BoxTree::type).toList());
    BoxTree moov = BoxTree.find(boxes, "moov");
    assertEquals(
        List.of(List.of(1L, 1L, 0L, 0L, 0L), List.of(2L, 1L, 0L, 0L, 0L)),
        moov.at("mvex").all("trex").stream().map(box -> box.fields(4)).toList());
    assertFalse(moov.at("mvex").has("mehd"));
    assertFalse(moov.at("trak").has("edts"));
    assertFalse(moov.at("trak", "mdia", "minf", "stbl").has("stss"));
    assertEquals(List.of(), beginning.layout());
  }

  @Test
  void continuesABeginningWithSamplesAndEdits() {
    Mp4File beginning =
        Mp4File.beginning(
            List.of(
                new Mp4Track(
                    List.of(H264),
                    1_000_000,
                    pictures(80_000, 0, 40_000),
                    List.of(new CutEdit(9_000_000, 120_000))),
                new Mp4Track(
                    List.of(AAC),
                    48_000,
                    sound(4, 0),
                    List.of(CutEdit.nothing(500_000), new CutEdit(8_500_000, 0)))));
    List<BoxTree> boxes = BoxTree.parse(beginning.head());
    assertEquals(List.of("ftyp", "moov", "mdat"), boxes.stream().map(BoxTree::type).toList());
    BoxTree moov = BoxTree.find(boxes, "moov");
    assertEquals(9_370_000, moov.at("mvex", "mehd").u64(4));
    assertEquals(
        List.of(1L, 9_000_000L, 120_000L, 0x1_0000L), moov.at("trak", "edts", "elst").fields(4));
    assertEquals(List.of(new SampleRange(0, 0, 3), new SampleRange(1, 0, 4)), beginning.layout());
  }

  @Test
  void aWholeFileHasSamplesInEachTrack() {
    Mp4Track none = new Mp4Track(List.of(H264), 1_000_000, new SampleTable(), List.of());
    assertThrows(IllegalArgumentException.class, () -> Mp4File.of(List.of(none)));
    ByteBuffer head = Mp4File.of(List.of(track(pictures(0, 0)))).head();
    assertFalse(BoxTree.find(BoxTree.parse(head), "moov").has("mvex"));
  }

  private static Mp4Track track(SampleTable samples) {
    return new Mp4Track(List.of(H264), 1_000_000, samples, List.of(new CutEdit(1, 0)));
  }
}
