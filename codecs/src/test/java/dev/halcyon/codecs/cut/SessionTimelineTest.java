package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.session.CardSession;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.codecs.session.SessionStore;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips cut from recorded test cards, judged as those from a ring are. */
class SessionTimelineTest {
  private static final long LENGTH_US = 9_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;
  private Recording recording;
  private Path clip;

  @BeforeEach
  void open() throws IOException {
    recording = Recording.open(SessionStore.DISK, folder.resolve("stream"));
    clip = folder.resolve("clip.mp4");
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(30).bFrames(2).cardId(17);
  }

  private CutContract cut(long fromUs, long toUs, CutRequest.Outside outside) {
    return ClipCutter.cut(
            new SessionTimeline(recording), new CutRequest(fromUs, toUs, outside), clip)
        .contract();
  }

  private static int frameFrom(long us) {
    return (int) Math.ceilDiv(us * 30, 1_000_000);
  }

  private void assertExact(int windows, long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      long fromUs = random.nextLong(LENGTH_US - 3_000_000);
      long toUs = fromUs + 300_000 + random.nextLong(LENGTH_US - 500_000 - fromUs);
      String name = "[" + fromUs + ", " + toUs + ") seed " + seed;
      CutContract contract = cut(fromUs, toUs, CutRequest.Outside.REFUSE);
      Verdict verdict = TestCardJudge.judge(clip);
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US), name);
      Verdict.Pictures pictures = verdict.pictures().orElseThrow();
      assertEquals(frameFrom(fromUs), pictures.firstFrame(), name);
      assertEquals(frameFrom(toUs) - 1, pictures.lastFrame(), name);
      assertEquals(0, pictures.ptsUs().getFirst(), name);
      assertEquals(List.of(), contract.gaps(), name);
      assertEquals(Math.round(frameFrom(fromUs) * 1e6 / 30), contract.deliveredStartUs(), name);
    }
  }

  @Test
  void presentsExactlyTheWindow() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    assertExact(8, 1);
  }

  @Test
  void presentsOpenGopsAndOpus() throws IOException {
    CardSession.record(recording, card().openGop().audio(Codec.OPUS).build(), LENGTH_US);
    assertExact(6, 2);
  }

  @Test
  void presentsAPictureSizeThatChangesFromFileToFile() throws IOException {
    CardSession.record(recording, card().sizeChange(120, 256, 144).build(), LENGTH_US);
    assertEquals(2, recording.files().size());
    assertExact(4, 3);
    cut(2_500_000, 6_500_000, CutRequest.Outside.REFUSE);
    Verdict verdict = TestCardJudge.judge(clip);
    assertEquals(List.of("320x180", "256x144"), verdict.pictures().orElseThrow().sizes());
  }

  @Test
  void clampsToWhatIsRecordedOrRefuses() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    CutContract contract = cut(8_000_000, 12_000_000, CutRequest.Outside.CLAMP);
    assertTrue(contract.clamped());
    assertEquals(269, TestCardJudge.judge(clip).pictures().orElseThrow().lastFrame());
    for (long fromUs : new long[] {8_000_000, 11_000_000}) {
      assertEquals(
          ErrorCode.RANGE_NOT_HELD,
          assertThrows(
                  HalcyonException.class, () -> cut(fromUs, 12_000_000, CutRequest.Outside.REFUSE))
              .code());
    }
  }

  @Test
  void refusesBytesThatWentBad() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    SessionFile file = recording.files().getFirst();
    byte[] bytes = Files.readAllBytes(file.path());
    bytes[(int) file.fragments().get(5).offset() + 5_000] ^= 0x10;
    Files.write(file.path(), bytes);
    HalcyonException refused =
        assertThrows(
            HalcyonException.class, () -> cut(4_100_000, 6_900_000, CutRequest.Outside.REFUSE));
    assertEquals(ErrorCode.RECORDING_CORRUPT, refused.code());
    assertTrue(Files.notExists(clip));
    cut(1_100_000, 2_900_000, CutRequest.Outside.REFUSE);
  }
}
