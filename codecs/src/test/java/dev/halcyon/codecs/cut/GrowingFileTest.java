package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test cards that are read while they go into the ring, judged by what they show and sound. */
class GrowingFileTest {
  private static final long LENGTH_US = 8_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;
  private final OpenWindow window = new OpenWindow(0);
  private PublishedCard published;

  @AfterEach
  void close() {
    if (published != null) {
      published.close();
    }
  }

  private void publish(TestCard card) {
    publish(card, 64L << 20);
  }

  private void publish(TestCard card, long ringBytes) {
    published = new PublishedCard(folder.resolve("ring"), card, LENGTH_US, ringBytes);
  }

  private CutRequest request(long fromUs) {
    return new CutRequest(fromUs, window.toUs, CutRequest.Outside.CLAMP);
  }

  private Optional<GrowingFile> open(long fromUs) {
    return GrowingFile.open(published.ring(), request(fromUs), window, window.toUs - fromUs);
  }

  /** What can be read just now, in helpings of so many bytes. */
  private static ClipBytes.Next read(
      GrowingFile file, int helpingBytes, ByteArrayOutputStream out) {
    while (true) {
      ByteBuffer helping = ByteBuffer.allocate(helpingBytes);
      ClipBytes.Next next = file.read(helping);
      out.write(helping.array(), 0, helping.position());
      if (next != ClipBytes.Next.BYTES) {
        assertEquals(0, helping.position());
        return next;
      }
    }
  }

  /** Reads a window while the stream goes on in steps; the whole file. */
  private Path readWhileOpen(long fromUs, long toUs, long stepUs, int helpingBytes)
      throws IOException {
    window.toUs = toUs;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Optional<GrowingFile> file = Optional.empty();
    ClipBytes.Next next = ClipBytes.Next.NOTHING_YET;
    try {
      for (long nowUs = fromUs - 300_000; next != ClipBytes.Next.END; nowUs += stepUs) {
        published.appendUntil(nowUs);
        window.hasClosed = nowUs > toUs + 100_000;
        file = file.isPresent() ? file : open(fromUs);
        if (file.isPresent()) {
          next = read(file.get(), helpingBytes, bytes);
        }
        assertTrue(nowUs < LENGTH_US + 10_000_000, "it never ends");
      }
    } finally {
      file.ifPresent(GrowingFile::close);
    }
    return Files.write(folder.resolve("growing.mp4"), bytes.toByteArray());
  }

  /**
   * @param reorderFrames how many pictures at the end may need one from behind it
   */
  private void assertGrows(TestCard card, int reorderFrames, int windows, long seed)
      throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      close();
      Files.deleteIfExists(folder.resolve("ring"));
      publish(card);
      long fromUs = 500_000 + random.nextLong(3_000_000);
      long toUs = fromUs + 1_200_000 + random.nextLong(2_000_000);
      long stepUs = 10_000 + random.nextLong(200_000);
      int helpingBytes = 1 + random.nextInt(100_000);
      String name = "[" + fromUs + ", " + toUs + ") by " + stepUs + ", seed " + seed;
      Path grown = readWhileOpen(fromUs, toUs, stepUs, helpingBytes);
      Verdict verdict = TestCardJudge.judge(grown);
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US), name);
      Verdict.Pictures seen = verdict.pictures().orElseThrow();
      int lastFrame = published.firstFrameFrom(toUs) - 1;
      assertEquals(published.firstFrameFrom(fromUs), seen.firstFrame(), name);
      assertTrue(seen.lastFrame() <= lastFrame, name + seen);
      assertTrue(seen.lastFrame() >= lastFrame - reorderFrames, name + seen);
      assertEquals(0, seen.ptsUs().getFirst(), name);
      CutContract sealed =
          RingCutter.cut(published.ring(), request(fromUs), folder.resolve("sealed.mp4"))
              .contract();
      assertEquals(published.pictureUs(seen.firstFrame()), sealed.deliveredStartUs(), name);
      if (card.audio().isPresent()) {
        assertTrue(verdict.skew().isPresent(), name + ": sound was compared with pictures");
        long soundEndUs = verdict.sound().orElseThrow().endUs();
        assertTrue(Math.abs(soundEndUs - (toUs - sealed.deliveredStartUs())) < 45_000, name);
      }
    }
  }

  private static TestCard.Builder card(Codec codec) {
    return TestCard.builder()
        .video(codec)
        .size(320, 180)
        .gop(50)
        .audio(Codec.AAC)
        .audioBitrate(192_000);
  }

  @Test
  void presentsExactlyTheWindowOfAStreamWithoutReordering() throws IOException {
    assertGrows(card(Codec.H264).build(), 0, 4, 31);
  }

  @Test
  void beginsExactlyWhereBFramesReorder() throws IOException {
    assertGrows(card(Codec.H264).bFrames(3).build(), 3, 4, 32);
  }

  @Test
  void beginsInsideOpenGops() throws IOException {
    assertGrows(card(Codec.H264).bFrames(2).gop(30).openGop().build(), 2, 4, 33);
  }

  @Test
  void keepsVariableFrameRate() throws IOException {
    assertGrows(card(Codec.H264).bFrames(2).frameTicks(1, 2, 1, 3).build(), 2, 3, 34);
  }

  @Test
  void carriesVp9AndOpus() throws IOException {
    assertGrows(card(Codec.VP9).audio(Codec.OPUS).build(), 0, 3, 35);
  }

  @Test
  void carriesPicturesAlone() throws IOException {
    assertGrows(card(Codec.H264).noAudio().bFrames(2).build(), 2, 2, 36);
  }

  @Test
  void carriesSoundAlone() throws IOException {
    publish(TestCard.builder().noVideo().audio(Codec.AAC).build());
    Path grown = readWhileOpen(1_234_567, 5_432_101, 70_000, 10_000);
    Verdict verdict = TestCardJudge.judge(grown);
    assertEquals(List.of(), verdict.faults());
    Verdict.Sound heard = verdict.sound().orElseThrow();
    assertEquals(0, heard.startUs());
    long extraUs = heard.endUs() - (5_432_101 - 1_234_567);
    assertTrue(extraUs >= -100 && extraUs < 21_400, () -> "extra " + extraUs);
  }

  @Test
  void givesTheSameToAViewerWhoComesLate() throws IOException {
    publish(card(Codec.H264).bFrames(2).build());
    Path early = readWhileOpen(1_000_000, 4_000_000, 50_000, 65_536);
    Verdict.Pictures seen = TestCardJudge.judge(early).pictures().orElseThrow();
    ByteArrayOutputStream late = new ByteArrayOutputStream();
    try (GrowingFile file = open(1_000_000).orElseThrow()) {
      assertEquals(ClipBytes.Next.END, read(file, 65_536, late));
      assertEquals(ClipBytes.Next.END, read(file, 65_536, late));
    }
    Path whole = Files.write(folder.resolve("late.mp4"), late.toByteArray());
    assertEquals(
        seen.presentedFrames(),
        TestCardJudge.judge(whole).pictures().orElseThrow().presentedFrames());
  }

  @Test
  void followsAWindowThatIsExtended() throws IOException {
    publish(card(Codec.H264).build());
    window.toUs = 2_000_000;
    published.appendUntil(2_500_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GrowingFile file = open(1_000_000).orElseThrow()) {
      assertEquals(ClipBytes.Next.NOTHING_YET, read(file, 65_536, bytes));
      window.toUs = 3_000_000;
      published.appendUntil(3_500_000);
      assertEquals(ClipBytes.Next.NOTHING_YET, read(file, 65_536, bytes));
      window.hasClosed = true;
      assertEquals(ClipBytes.Next.END, read(file, 65_536, bytes));
    }
    Path grown = Files.write(folder.resolve("growing.mp4"), bytes.toByteArray());
    Verdict.Pictures seen = TestCardJudge.judge(grown).pictures().orElseThrow();
    assertEquals(published.firstFrameFrom(3_000_000) - 1, seen.lastFrame());
  }

  /** A publisher that breaks off in the middle of a GOP, and is back a second later. */
  private Path readOverAnEpoch(Crossing crossing) throws IOException {
    publish(card(Codec.H264).build());
    window.toUs = 6_000_000;
    CutRequest request =
        new CutRequest(
            1_000_000,
            window.toUs,
            1_000_000,
            window.toUs,
            EpochSpan.ALL,
            CutRequest.Outside.CLAMP,
            crossing);
    published.appendUntil(3_000_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GrowingFile file =
        GrowingFile.open(published.ring(), request, window, 5_000_000).orElseThrow()) {
      read(file, 65_536, bytes);
      published.beginEpoch(1, 4_000_000);
      published.appendUntil(5_000_000);
      window.hasClosed = true;
      assertEquals(ClipBytes.Next.END, read(file, 65_536, bytes));
    }
    return Files.write(folder.resolve("growing.mp4"), bytes.toByteArray());
  }

  @Test
  void endsWithAnEpochWhereTheClipIsSplit() throws IOException {
    Verdict verdict = TestCardJudge.judge(readOverAnEpoch(Crossing.SPLIT));
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US));
    assertEquals(
        published.firstFrameFrom(3_000_000) - 1, verdict.pictures().orElseThrow().lastFrame());
  }

  @Test
  void goesOnInTheNextEpochWithItsFirstKeyframe() throws IOException {
    Path grown = readOverAnEpoch(Crossing.STITCH);
    Verdict before = TestCardJudge.judge(grown, 0, 2_000_000);
    Verdict after = TestCardJudge.judge(grown, 2_000_000, Long.MAX_VALUE - 1);
    assertEquals(List.of(), before.faults(MAX_SKEW_US));
    assertEquals(List.of(), after.faults(MAX_SKEW_US));
    assertEquals(
        published.firstFrameFrom(3_000_000) - 1, before.pictures().orElseThrow().lastFrame());
    Verdict.Pictures seen = after.pictures().orElseThrow();
    int keyframe = 100;
    assertEquals(keyframe, seen.firstFrame());
    assertEquals(published.pictureUs(keyframe) - 1_000_000, seen.ptsUs().getFirst());
    assertEquals(published.firstFrameFrom(5_000_000) - 1, seen.lastFrame());
  }

  @Test
  void carriesAPictureSizeThatItsHeadDoesNotKnow() throws IOException {
    publish(card(Codec.H264).sizeChange(150, 256, 144).build());
    Path grown = readWhileOpen(1_000_000, 7_000_000, 50_000, 65_536);
    Verdict verdict = TestCardJudge.judge(grown);
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US));
    Verdict.Pictures seen = verdict.pictures().orElseThrow();
    assertEquals(List.of("320x180", "256x144"), seen.sizes());
    assertEquals(published.firstFrameFrom(7_000_000) - 1, seen.lastFrame());
  }

  @Test
  void carriesAPictureSizeChangeNearItsStart() throws IOException {
    publish(card(Codec.H264).sizeChange(50, 256, 144).build());
    Path grown = readWhileOpen(1_500_000, 3_000_000, 2_000_000, 65_536);
    Verdict.Pictures seen = TestCardJudge.judge(grown).pictures().orElseThrow();
    assertEquals(published.firstFrameFrom(3_000_000) - 1, seen.lastFrame());
  }

  @Test
  void tellsThatAReaderWasOvertaken() {
    publish(card(Codec.H264).build(), 256 << 10);
    published.appendUntil(1_500_000);
    window.toUs = 7_000_000;
    try (GrowingFile file = open(1_000_000).orElseThrow()) {
      file.read(ByteBuffer.allocate(100));
      published.appendUntil(8_000_000);
      HalcyonException failure =
          assertThrows(
              HalcyonException.class, () -> read(file, 65_536, new ByteArrayOutputStream()));
      assertEquals(ErrorCode.RING_OVERRUN, failure.code());
    }
  }

  @Test
  void tellsThatTheRingWasClosed() {
    publish(card(Codec.H264).build());
    published.appendUntil(2_000_000);
    window.toUs = 7_000_000;
    try (GrowingFile file = open(1_000_000).orElseThrow()) {
      file.read(ByteBuffer.allocate(100));
      published.ring().close();
      assertThrows(HalcyonException.class, () -> read(file, 65_536, new ByteArrayOutputStream()));
    }
  }

  @Test
  void isPlayableOnceItsFirstPictureIsThere() {
    publish(card(Codec.H264).bFrames(2).build());
    window.toUs = 4_000_000;
    assertFalse(GrowingFile.isPlayable(published.ring(), request(2_000_000), false));
    published.appendUntil(1_900_000);
    assertFalse(GrowingFile.isPlayable(published.ring(), request(2_000_000), false));
    assertTrue(open(2_000_000).isEmpty());
    published.appendUntil(2_200_000);
    assertTrue(GrowingFile.isPlayable(published.ring(), request(2_000_000), false));
  }

  @Test
  void readsAlikeInHelpingsOfAnySize() throws IOException {
    publish(card(Codec.H264).bFrames(2).build());
    byte[] coarse = Files.readAllBytes(readWhileOpen(1_000_000, 3_000_000, 8_000_000, 1 << 20));
    ByteArrayOutputStream fine = new ByteArrayOutputStream();
    try (GrowingFile file = open(1_000_000).orElseThrow()) {
      assertEquals(ClipBytes.Next.END, read(file, 777, fine));
    }
    assertArrayEquals(coarse, fine.toByteArray());
  }

  @Test
  void opensInDebiansPrograms() throws Exception {
    Program.require("ffprobe");
    publish(card(Codec.H264).bFrames(2).build());
    Path grown = readWhileOpen(1_300_000, 4_000_000, 120_000, 65_536);
    String shown =
        Program.text(
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=codec_name:frame=pts",
            "-of",
            "csv=p=0",
            grown.toString());
    List<String> lines = shown.lines().toList();
    assertEquals("0", lines.getFirst());
    assertEquals("h264", lines.getLast());
    byte[] decoded = Program.ffmpeg("-i", grown.toString(), "-f", "framecrc", "-");
    int frames = published.firstFrameFrom(4_000_000) - published.firstFrameFrom(1_300_000);
    assertTrue(
        lines.size() - 1 >= frames - 2 && lines.size() - 1 <= frames,
        lines.size() + " of " + frames);
    assertTrue(decoded.length > 0);
  }
}
