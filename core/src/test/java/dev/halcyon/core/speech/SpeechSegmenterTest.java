package dev.halcyon.core.speech;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SpeechSegmenterTest {
  private static final long FRAME_US = 32_000;

  private final List<SpeechWindow> windows = new ArrayList<>();
  private final SpeechSegmenter segmenter = new SpeechSegmenter(windows::add);
  private long nowUs;

  private void hear(double probability, long lengthUs) {
    for (long untilUs = nowUs + lengthUs; nowUs < untilUs; nowUs += FRAME_US) {
      segmenter.onFrame(nowUs, nowUs + FRAME_US, probability);
    }
  }

  private List<SpeechWindow> finals() {
    return windows.stream().filter(SpeechWindow::isFinal).toList();
  }

  @Test
  void aWindowHasALittleRoomAroundTheSpeech() {
    hear(0, 1_024_000);
    hear(0.9, 640_000);
    hear(0, 960_000);
    assertEquals(List.of(new SpeechWindow(864_000, 1_824_000, true)), finals());
  }

  @Test
  void aWordThatGetsQuieterIsNotCutOff() {
    hear(0.9, 640_000);
    hear(0.4, 640_000);
    hear(0.9, 320_000);
    segmenter.end();
    assertEquals(List.of(new SpeechWindow(0, 1_600_000, true)), finals());
  }

  @Test
  void aShortPauseIsInsideOfASentence() {
    hear(0.9, 640_000);
    hear(0.1, 320_000);
    hear(0.9, 640_000);
    hear(0, 640_000);
    assertEquals(1, finals().size());
  }

  @Test
  void aClickIsNoSpeech() {
    hear(0.9, 96_000);
    hear(0, 640_000);
    assertEquals(List.of(), windows);
  }

  @Test
  void tellsWhatIsThereOnceASecond() {
    hear(0.9, 3_200_000);
    assertEquals(
        List.of(1_024_000L, 2_048_000L, 3_072_000L),
        windows.stream().map(SpeechWindow::toUs).toList());
    assertTrue(windows.stream().noneMatch(SpeechWindow::isFinal));
  }

  @Test
  void whoSpeaksWithoutEndIsCutWhereTheyAreLeastHeard() {
    hear(0.9, 12_800_000);
    hear(0.5, 320_000);
    hear(0.9, 7_040_000);
    segmenter.end();
    List<SpeechWindow> finals = finals();
    assertEquals(2, finals.size());
    assertTrue(
        finals.getFirst().toUs() >= 12_800_000 && finals.getFirst().toUs() <= 13_120_000,
        finals.toString());
    assertEquals(finals.getFirst().toUs(), finals.getLast().fromUs());
    assertEquals(nowUs, finals.getLast().toUs());
  }

  @Test
  void aGapEndsTheWindow() {
    hear(0.9, 960_000);
    nowUs += 5_000_000;
    hear(0.9, 960_000);
    segmenter.end();
    assertEquals(
        List.of(new SpeechWindow(0, 960_000, true), new SpeechWindow(5_960_000, 6_920_000, true)),
        finals());
  }

  @Test
  void windowsAreInOrderAndNoneIsTooLong() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      hear(random.nextDouble(), FRAME_US * (1 + random.nextInt(40)));
    }
    segmenter.end();
    long endUs = 0;
    for (SpeechWindow window : windows) {
      assertTrue(window.fromUs() >= endUs, "seed " + seed);
      assertTrue(window.toUs() > window.fromUs(), "seed " + seed);
      assertTrue(window.toUs() - window.fromUs() <= SpeechSegmenter.MOST_US, "seed " + seed);
      endUs = window.isFinal() ? window.toUs() : endUs;
    }
    assertTrue(finals().size() > 10, "seed " + seed);
  }
}
