package dev.halcyon.codecs.cut.smart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.cut.CardClip;
import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Test cards, cut exactly for players that ignore edit lists, and judged as such a player. */
class SmartCutTest {
  private static final long LENGTH_US = 6_000_000;
  private static final long MAX_SKEW_US = 5_000;

  /** Of a small picture full of edges, encoded again: hardly to be told from the one before. */
  private static final double LEAST_PSNR_DB = 38;

  @TempDir Path folder;

  private static TestCard.Builder card() {
    return TestCard.builder().gop(30).audioBitrate(192_000);
  }

  /**
   * @param gopFrames at most so many pictures are between two that decoding can begin at
   */
  private void assertExact(TestCard card, int windows, long seed, int gopFrames) {
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      long fromUs = random.nextLong(2_500_000);
      long toUs = fromUs + 900_000 + random.nextLong(2_300_000);
      String name = "[" + fromUs + ", " + toUs + ") seed " + seed;
      CardClip clip = CardClip.of(folder, card, LENGTH_US, fromUs, toUs);
      Path exact = folder.resolve("exact.mp4");
      var nativeBefore = NativeMemory.snapshot();
      CutResult result = SmartCut.make(clip.file(), clip.result().contract(), exact);
      assertEquals(nativeBefore, NativeMemory.snapshot(), "native memory by tag");
      Verdict wanted = TestCardJudge.judge(clip.file());
      assertSame(name, wanted, TestCardJudge.judgeWithoutEdits(exact));
      assertSame(name, wanted, TestCardJudge.judge(exact));
      assertCopied(name, clip, result, exact, gopFrames);
    }
  }

  /** The pictures of the sealed clip, each in its place, and the sound with them. */
  private static void assertSame(String name, Verdict wanted, Verdict found) {
    assertEquals(List.of(), found.faults(MAX_SKEW_US), name);
    Verdict.Pictures before = wanted.pictures().orElseThrow();
    Verdict.Pictures after = found.pictures().orElseThrow();
    assertEquals(before.firstFrame(), after.firstFrame(), name);
    assertEquals(before.lastFrame(), after.lastFrame(), name);
    assertEquals(before.ptsUs(), after.ptsUs(), name);
    assertEquals(wanted.sound().isPresent(), found.sound().isPresent(), name);
    found
        .sound()
        .ifPresent(
            heard -> {
              assertEquals(0, heard.startUs(), name);
              assertTrue(found.skew().isPresent(), name + ": sound was compared with pictures");
            });
  }

  private static void assertCopied(
      String name, CardClip clip, CutResult result, Path exact, int gopFrames) {
    Shown before = Shown.of(clip.file());
    Shown after = Shown.withoutEdits(exact);
    List<FrameRange> encoded = result.contract().frames().orElseThrow().encoded();
    assertTrue(encoded.size() <= 2, name + ": encoded " + encoded);
    long frame = 0;
    for (Map.Entry<Long, Bytes> packet : after.packets().entrySet()) {
      long at = frame++;
      byte[] was = before.lumas().get(packet.getKey());
      byte[] is = after.lumas().get(packet.getKey());
      if (encoded.stream().noneMatch(range -> at >= range.start() && at < range.end())) {
        assertEquals(before.packets().get(packet.getKey()), packet.getValue(), name + " at " + at);
        assertArrayEquals(was, is, name + " at " + at);
      } else {
        double psnrDb = Shown.psnrDb(was, is);
        assertTrue(psnrDb >= LEAST_PSNR_DB, () -> name + " at " + at + ": " + psnrDb + " dB");
      }
    }
    CutContract contract = result.contract();
    long lengthUs = contract.deliveredEndUs() - contract.deliveredStartUs();
    assertEquals(lengthUs, after.lengthUs(), name);
    assertEquals(frame, contract.frames().orElseThrow().deliveredEnd(), name);
    encoded.forEach(range -> assertTrue(range.count() <= gopFrames, name + ": " + encoded));
    int pictures = encoded.stream().mapToInt(FrameRange::count).sum();
    int sound = contract.tracks().stream().skip(1).mapToInt(track -> track.packets()).sum();
    assertEquals(pictures + sound, contract.packetsEncoded(), name);
    assertEquals(frame - pictures, contract.packetsCopied(), name);
  }

  @Test
  void showsReorderedPicturesExactly() {
    assertExact(card().bFrames(3).build(), 3, 1, 30);
  }

  @Test
  void showsPicturesThatAreNotReordered() {
    assertExact(card().build(), 2, 2, 30);
  }

  @Test
  void showsOpenGops() {
    // Without an IDR picture there is nothing to copy from.
    assertExact(card().bFrames(3).openGop().build(), 2, 3, 180);
  }

  @Test
  void showsAVariableFrameRate() {
    assertExact(card().bFrames(2).frameTicks(1, 2, 1, 3).build(), 2, 4, 30);
  }

  @Test
  void showsAPictureSizeThatChanges() {
    assertExact(card().bFrames(2).sizeChange(60, 256, 144).build(), 2, 5, 30);
  }

  @Test
  void showsPicturesAlone() {
    assertExact(card().bFrames(2).noAudio().build(), 2, 6, 30);
  }

  @Test
  void beginsSoundThatComesLateWithSilence() {
    assertExact(card().audioOffset(1_700_000).build(), 2, 7, 30);
  }

  @Test
  void cutsSoundAloneToTheSample() {
    TestCard card = TestCard.builder().noVideo().build();
    CardClip clip = CardClip.of(folder, card, LENGTH_US, 1_234_567, 4_432_101);
    Path exact = folder.resolve("exact.mp4");
    CutContract contract = SmartCut.make(clip.file(), clip.result().contract(), exact).contract();
    Verdict verdict = TestCardJudge.judgeWithoutEdits(exact);
    assertEquals(List.of(), verdict.faults());
    Verdict.Sound heard = verdict.sound().orElseThrow();
    assertEquals(0, heard.startUs());
    assertTrue(heard.markers() >= 2, verdict::toString);
    assertEquals(0, contract.packetsCopied());
    assertTrue(contract.frames().isEmpty());
  }

  @Test
  void showsHevcExactly() {
    assertExact(card().video(Codec.HEVC).bFrames(3).build(), 1, 8, 30);
  }

  /** Its CRA pictures begin afresh; those that lead them hang on the GOP before. */
  @Test
  void showsOpenGopsOfHevcExactly() {
    assertExact(card().video(Codec.HEVC).bFrames(3).openGop().build(), 2, 9, 33);
  }

  @Test
  void showsVp9AndOpusExactly() {
    assertExact(card().video(Codec.VP9).audio(Codec.OPUS).build(), 2, 10, 30);
  }

  @Test
  void showsAv1Exactly() {
    assertExact(card().video(Codec.AV1).build(), 1, 11, 30);
  }

  @Test
  void leavesNothingOfAFileThatIsDamaged() throws IOException {
    CardClip clip = CardClip.of(folder, card().build(), 3_000_000, 500_000, 1_500_000);
    byte[] bytes = Files.readAllBytes(clip.file());
    bytes[bytes.length / 2] ^= 1;
    Files.write(clip.file(), bytes);
    assertFails(ErrorCode.CORRUPT_MEDIA, clip);
  }

  private void assertFails(ErrorCode code, CardClip clip) throws IOException {
    Path exact = folder.resolve("exact.mp4");
    HalcyonException failure =
        assertThrows(
            HalcyonException.class,
            () -> SmartCut.make(clip.file(), clip.result().contract(), exact));
    assertEquals(code, failure.code());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(clip.file()), files.toList(), "nothing is left behind");
    }
  }
}
