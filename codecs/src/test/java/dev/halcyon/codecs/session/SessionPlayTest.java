package dev.halcyon.codecs.session;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.media.Codec;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session file is a fragmented MP4 that any player opens as it lies on the disk. */
class SessionPlayTest {
  private static final long LENGTH_US = 5_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;

  static Stream<TestCard> cards() {
    return Stream.of(
        card().bFrames(2).build(),
        card().bFrames(2).openGop().start(36_000_000_000L).build(),
        card().frameTicks(1, 2, 1, 3).audio(Codec.OPUS).build(),
        card().video(Codec.HEVC).build(),
        card().video(Codec.VP9).audio(Codec.OPUS).build(),
        card().noAudio().build());
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(30).cardId(9);
  }

  @ParameterizedTest
  @MethodSource("cards")
  void showsEveryPictureInTimeWithItsSound(TestCard card) throws Throwable {
    assertNoLeak(
        () -> {
          Recording recording = Recording.open(SessionStore.DISK, folder);
          CardSession.record(recording, card, LENGTH_US);
          assertEquals(1, recording.files().size());
          Verdict verdict = TestCardJudge.judge(recording.files().getFirst().path());
          assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
          assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
        });
  }

  @Test
  void beginsAFileWithEachConfiguration() throws Exception {
    Recording recording = Recording.open(SessionStore.DISK, folder);
    CardSession.record(recording, card().sizeChange(60, 256, 144).build(), LENGTH_US);
    List<SessionFile> files = recording.files();
    assertEquals(2, files.size());
    Verdict small = TestCardJudge.judge(files.get(1).path());
    assertEquals(List.of("256x144"), small.pictures().orElseThrow().sizes());
    assertEquals(60, small.pictures().orElseThrow().firstFrame());
  }
}
