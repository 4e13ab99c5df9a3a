package dev.halcyon.codecs.mp4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class Mp4FileTest {
  private static final TrackFormat H264 = video(Codec.H264, 320, 240);
  private static final TrackFormat AAC =
      new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90}));
  private static final TrackFormat OPUS = new AudioFormat(Codec.OPUS, 48_000, 2, Bytes.EMPTY);

  private static TrackFormat video(Codec codec, int widthPx, int heightPx) {
    return new VideoFormat(codec, widthPx, heightPx, Bytes.copyOf(new byte[] {1, 2, 3, 4, 5, 6}));
  }

  /** One second at 25 pictures, two references apart, as a plan would give it. */
  private static Mp4Track pictures(CutEdit... edits) {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < 25; i++) {
      SampleTable.Kind kind = i % 10 == 0 ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER;
      samples.add(100 + i, 40_000, i % 2 == 0 ? 80_000 : 0, kind, 0);
    }
    return new Mp4Track(List.of(H264), 1_000_000, samples, List.of(edits));
  }

  private static Mp4Track sound(TrackFormat format, int count, long ticks, CutEdit... edits) {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < count; i++) {
      samples.add(50, ticks, 0, SampleTable.Kind.SYNC, 0);
    }
    return new Mp4Track(List.of(format), 48_000, samples, List.of(edits));
  }

  /** The file, with every payload filled with its track and sample number. */
  private static byte[] written(Mp4File file) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    WritableByteChannel channel = Channels.newChannel(bytes);
    String digest = file.write(channel, Mp4FileTest::fill);
    assertEquals(file.sizeBytes(), bytes.size());
    assertEquals(digest, sha256(bytes.toByteArray()));
    return bytes.toByteArray();
  }

  private static void fill(int track, int sample, ByteBuffer target) {
    while (target.hasRemaining()) {
      target.put((byte) (track * 100 + sample % 100));
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<BoxTree> parsed(Mp4Track... tracks) throws IOException {
    return BoxTree.parse(ByteBuffer.wrap(written(Mp4File.of(List.of(tracks)))));
  }

  private static BoxTree table(List<BoxTree> file, int track) {
    return BoxTree.find(file, "moov").all("trak").get(track).at("mdia", "minf", "stbl");
  }

  @Test
  void beginsWithItsHead() throws IOException {
    List<BoxTree> file = parsed(pictures(new CutEdit(1_000_000, 80_000)));
    assertEquals(List.of("ftyp", "moov", "mdat"), file.stream().map(BoxTree::type).toList());
    assertEquals(1_000_000, BoxTree.find(file, "moov", "mvhd").u32(12));
    assertEquals(1_000_000, BoxTree.find(file, "moov", "mvhd").u32(16));
  }

  @Test
  void statesStartAndLengthOfEveryEdit() throws IOException {
    List<BoxTree> file =
        parsed(
            pictures(new CutEdit(400_000, 80_000)),
            sound(AAC, 40, 1_024, CutEdit.nothing(130_000), new CutEdit(270_000, 1_500)));
    BoxTree moov = BoxTree.find(file, "moov");
    BoxTree picture = moov.all("trak").getFirst().at("edts", "elst");
    assertEquals(List.of(1L, 400_000L, 80_000L, 0x1_0000L), picture.fields(4));
    BoxTree sound = moov.all("trak").get(1).at("edts", "elst");
    assertEquals(
        List.of(2L, 130_000L, -1L, 0x1_0000L, 270_000L, 1_500L, 0x1_0000L), sound.fields(4));
    assertEquals(400_000, moov.at("mvhd").u32(16));
    assertEquals(48_000, moov.all("trak").get(1).at("mdia", "mdhd").u32(12));
  }

  @Test
  void keepsCompositionOffsetsAndKeyframes() throws IOException {
    BoxTree table = table(parsed(pictures(new CutEdit(1_000_000, 80_000))), 0);
    assertEquals(List.of(1L, 25L, 40_000L), table.at("stts").fields(4));
    assertEquals(0, table.at("ctts").version());
    List<Long> offsets = table.at("ctts").fields(8);
    assertEquals(List.of(1L, 80_000L, 1L, 0L), offsets.subList(0, 4));
    assertEquals(List.of(3L, 1L, 11L, 21L), table.at("stss").fields(4));
  }

  @Test
  void signsOffsetsOnlyWhenASourceNeedsIt() throws IOException {
    SampleTable samples = new SampleTable();
    samples.add(10, 40_000, 0, SampleTable.Kind.SYNC, 0);
    samples.add(10, 40_000, -40_000, SampleTable.Kind.OTHER, 0);
    Mp4Track track =
        new Mp4Track(List.of(H264), 1_000_000, samples, List.of(new CutEdit(80_000, 0)));
    BoxTree offsets = table(parsed(track), 0).at("ctts");
    assertEquals(1, offsets.version());
    assertEquals(List.of(2L, 1L, 0L, 1L, -40_000L), offsets.fields(4));
  }

  @Test
  void leadsToEveryPayload() throws IOException {
    Mp4Track[] tracks = {
      pictures(new CutEdit(1_000_000, 80_000)), sound(AAC, 47, 1_024, new CutEdit(1_000_000, 1_024))
    };
    byte[] bytes = written(Mp4File.of(List.of(tracks)));
    List<BoxTree> file = BoxTree.parse(ByteBuffer.wrap(bytes));
    List<Long> chunkStarts = new ArrayList<>();
    for (int track = 0; track < tracks.length; track++) {
      BoxTree table = table(file, track);
      int sample = 0;
      long chunks = table.at("stco").u32(4);
      for (int chunk = 0; chunk < chunks; chunk++) {
        long offset = table.at("stco").u32(8 + 4 * chunk);
        chunkStarts.add(offset);
        for (int i = 0; i < samplesOfChunk(table.at("stsc"), chunk + 1); i++, sample++) {
          long size = table.at("stsz").u32(12 + 4 * sample);
          assertEquals((byte) (track * 100 + sample % 100), bytes[(int) offset]);
          assertEquals(bytes[(int) offset], bytes[(int) (offset + size - 1)]);
          offset += size;
        }
      }
      assertEquals(tracks[track].samples().count(), sample);
    }
    assertTrue(chunkStarts.size() >= 4, "half a second a chunk");
    assertTrue(chunkStarts.get(1) > table(file, 1).at("stco").u32(8), "tracks alternate");
  }

  private static long samplesOfChunk(BoxTree stsc, int chunk) {
    long count = 0;
    for (int i = 0; i < stsc.u32(4); i++) {
      if (stsc.u32(8 + 12 * i) <= chunk) {
        count = stsc.u32(12 + 12 * i);
      }
    }
    return count;
  }

  @Test
  void carriesSeveralConfigurations() throws IOException {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < 10; i++) {
      SampleTable.Kind kind = i % 5 == 0 ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER;
      samples.add(10, 40_000, 0, kind, i / 5);
    }
    List<TrackFormat> formats = List.of(H264, video(Codec.H264, 640, 360));
    BoxTree table =
        table(parsed(new Mp4Track(formats, 1_000_000, samples, List.of(new CutEdit(1, 0)))), 0);
    assertEquals(2, table.at("stsd").u32(4));
    assertEquals(List.of(2L, 1L, 5L, 1L, 2L, 5L, 2L), table.at("stsc").fields(4));
    List<BoxTree> entries = BoxTree.parse(table.at("stsd").body().slice(8, bodyBytes(table) - 8));
    assertEquals(List.of("avc1", "avc1"), entries.stream().map(BoxTree::type).toList());
    assertEquals(640, entries.get(1).body().getShort(24));
    assertEquals(360, entries.get(1).body().getShort(26));
  }

  private static int bodyBytes(BoxTree table) {
    return table.at("stsd").body().limit();
  }

  @Test
  void statesHowSoundWarmsUp() throws IOException {
    List<BoxTree> aac = parsed(sound(AAC, 10, 1_024, new CutEdit(1, 0)));
    assertEquals("roll", table(aac, 0).at("sgpd").ascii(4));
    assertEquals(-1, table(aac, 0).at("sgpd").body().getShort(16));
    assertEquals(List.of(1L, 10L, 1L), table(aac, 0).at("sbgp").fields(8));
    assertFalse(table(aac, 0).has("stss"));
    List<BoxTree> opus = parsed(sound(OPUS, 10, 960, new CutEdit(1, 0)));
    assertEquals(-4, table(opus, 0).at("sgpd").body().getShort(16));
  }

  @Test
  void namesEveryCodec() throws IOException {
    assertEquals("avc1", entry(H264));
    assertEquals("hvc1", entry(video(Codec.HEVC, 320, 240)));
    assertEquals("av01", entry(video(Codec.AV1, 320, 240)));
    assertEquals("vp09", entry(video(Codec.VP9, 320, 240)));
    assertEquals("mp4a", entry(AAC));
    assertEquals("Opus", entry(OPUS));
    assertEquals(
        ErrorCode.UNSUPPORTED_MEDIA,
        assertThrows(HalcyonException.class, () -> entry(video(Codec.VP8, 320, 240))).code());
    TrackFormat bare = new VideoFormat(Codec.H264, 320, 240, Bytes.EMPTY);
    assertEquals(
        ErrorCode.CORRUPT_MEDIA, assertThrows(HalcyonException.class, () -> entry(bare)).code());
  }

  private static String entry(TrackFormat format) throws IOException {
    return table(parsed(sound(format, 2, 1_024, new CutEdit(1, 0))), 0).at("stsd").ascii(12);
  }

  @Test
  void goesWideOverFourGibibytes() throws IOException {
    SampleTable samples = new SampleTable();
    for (int i = 0; i < 5; i++) {
      samples.add(1 << 30, 300_000_000, 0, SampleTable.Kind.SYNC, 0);
    }
    long hourUs = 3_600_000_000L;
    Mp4File file =
        Mp4File.of(
            List.of(
                new Mp4Track(List.of(H264), 10_000, samples, List.of(new CutEdit(2 * hourUs, 0)))));
    assertTrue(file.sizeBytes() > 5L << 30);
    List<BoxTree> boxes = BoxTree.parse(file.head());
    BoxTree offsets = table(boxes, 0).at("co64");
    long mediaBytes = BoxTree.find(boxes, "mdat").startBytes() + 16;
    assertEquals(mediaBytes + (4L << 30), offsets.u64(8 + 4 * 8));
    assertEquals(1, BoxTree.find(boxes, "moov", "mvhd").version());
    assertEquals(2 * hourUs, BoxTree.find(boxes, "moov", "mvhd").u64(24));
    assertEquals(1, BoxTree.find(boxes, "moov", "trak", "edts", "elst").version());
  }

  @Test
  void refusesNumbersThatDoNotFit() {
    SampleTable samples = new SampleTable();
    for (long ticks : new long[] {-1, 1L << 32}) {
      HalcyonException refused =
          assertThrows(
              HalcyonException.class, () -> samples.add(1, ticks, 0, SampleTable.Kind.SYNC, 0));
      assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
    }
  }

  @Test
  void failsWhenAPayloadIsShort() {
    Mp4File file = Mp4File.of(List.of(pictures(new CutEdit(1, 0))));
    WritableByteChannel nowhere = Channels.newChannel(new ByteArrayOutputStream());
    HalcyonException failed =
        assertThrows(
            HalcyonException.class, () -> file.write(nowhere, (track, sample, target) -> {}));
    assertEquals(ErrorCode.INTERNAL, failed.code());
  }
}
