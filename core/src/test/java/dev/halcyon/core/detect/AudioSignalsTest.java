package dev.halcyon.core.detect;

import static dev.halcyon.core.detect.SignalKind.CROWD_REACTION;
import static dev.halcyon.core.detect.SignalKind.LOUD_MOMENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AudioSignalsTest {
  private final SoundScript script = new SoundScript();

  /** A signal and the stream time up to which levels had been handed in when it was raised. */
  private record Raised(Signal signal, long raisedUs) {
    SignalKind kind() {
      return signal.kind();
    }
  }

  @Test
  void raisesACrowdBurstOnceAndSoon() {
    script.talk(20, -30);
    long burstUs = script.nowUs();
    script.crowd(6, -8).talk(20, -30);

    List<Raised> raised = run();
    assertEquals(List.of(CROWD_REACTION), kinds(raised));
    assertTrue(raised.getFirst().signal().strength() > 0.5, raised::toString);
    assertNear(burstUs, raised.getFirst().signal().atUs(), 500_000);
    assertNear(burstUs, raised.getFirst().raisedUs(), 1_100_000);
  }

  @Test
  void raisesAClapAsALoudMoment() {
    script.talk(20, -40);
    long clapUs = script.nowUs();
    script.noise(0.1, -5).talk(20, -40);

    List<Raised> raised = run();
    assertEquals(List.of(LOUD_MOMENT), kinds(raised));
    assertNear(clapUs, raised.getFirst().raisedUs(), 800_000);
    assertNear(clapUs, raised.getFirst().signal().atUs(), 300_000);
  }

  @Test
  void raisesAShoutAsALoudMomentBeforeItEnds() {
    script.talk(20, -40);
    long shoutUs = script.nowUs();
    script.tone(4, -10).talk(20, -40);

    List<Raised> raised = run();
    assertEquals(List.of(LOUD_MOMENT), kinds(raised));
    assertNear(shoutUs, raised.getFirst().raisedUs(), 800_000);
  }

  @Test
  void raisesAShoutThatACrowdJoinsOnceMoreAsTheCrowd() {
    script.talk(20, -40).tone(2, -10).crowd(5, -9).talk(10, -40);
    assertEquals(List.of(LOUD_MOMENT, CROWD_REACTION), kinds(run()));
  }

  @Test
  void raisesABurstAgainWhenItGrowsMarkedly() {
    // A MAD of 1 dB: 6.5 dB above is a strength of 0.5.
    script.noise(20, -40).tone(2, -33.5).tone(2, -5).noise(10, -40);

    List<Raised> raised = run();
    assertEquals(List.of(LOUD_MOMENT, LOUD_MOMENT), kinds(raised));
    assertEquals(0.5, raised.get(0).signal().strength(), 0.1);
    assertEquals(1, raised.get(1).signal().strength());
  }

  @Test
  void raisesEachBurst() {
    script.talk(20, -30);
    for (int i = 0; i < 5; i++) {
      script.crowd(3, -8).talk(12, -30);
    }
    assertEquals(5, run().size());
  }

  @Test
  void findsTheSameBurstAboveLoudTalkAndAboveAQuietRoom() {
    assertEquals(1, run(new SoundScript().talk(20, -25).crowd(2, -3).talk(20, -25)).size());
    assertEquals(1, run(new SoundScript().noise(20, -55).crowd(2, -33).noise(20, -55)).size());
  }

  @Test
  void ordinaryTalkRaisesNothing() {
    assertEquals(List.of(), run(script.talk(300, -25)));
  }

  @Test
  void talkAfterSilenceRaisesNothing() {
    script.silence(30);
    for (int i = 0; i < 6; i++) {
      script.talk(4, -22).silence(20);
    }
    assertEquals(List.of(), run());
  }

  @Test
  void applauseAfterSilenceIsRaised() {
    script.silence(20).crowd(3, -20).silence(10);
    assertEquals(List.of(CROWD_REACTION), kinds(run()));
  }

  @Test
  void aStreamThatStartsInNoiseRaisesNothing() {
    assertEquals(List.of(), run(script.crowd(30, -10).talk(60, -30)));
  }

  @Test
  void aLastingChangeOfLevelBecomesTheUsualWithinThirtySeconds() {
    script.talk(60, -40);
    long changeUs = script.nowUs();
    script.talk(120, -15);
    List<Raised> raised = run();
    assertNear(changeUs, raised.getFirst().raisedUs(), 1_100_000);
    assertNear(changeUs, raised.getLast().raisedUs(), 30_000_000);
    // What stands out from the new level is found.
    script.crowd(3, 8).talk(5, -15);
    assertEquals(raised.size() + 1, run().size());
  }

  @Test
  void aGapInTimeEndsABurst() {
    AudioSignals signals = new AudioSignals();
    script.talk(20, -40).crowd(0.5, -5);
    script.levels().forEach(level -> assertTrue(signals.onLevel(level).isEmpty()));
    long laterUs = script.nowUs() + 60_000_000;
    for (int i = 0; i < 30; i++) {
      AudioLevel level = new AudioLevel(laterUs + i * AudioLevel.STEP_US, -40, 0.03, 1000, 0.1);
      assertEquals(Optional.empty(), signals.onLevel(level));
    }
  }

  @Test
  void raisesWhatIsStillRisingWhenTheSoundEnds() {
    script.talk(20, -30).crowd(0.6, -8);
    AudioSignals signals = new AudioSignals();
    for (AudioLevel level : script.levels()) {
      assertTrue(signals.onLevel(level).isEmpty());
    }

    assertTrue(signals.onEnd().orElseThrow().strength() > 0.5);
    assertTrue(signals.onEnd().isEmpty());
  }

  private List<Raised> run() {
    return run(script);
  }

  private static List<Raised> run(SoundScript script) {
    AudioSignals signals = new AudioSignals();
    List<Raised> raised = new ArrayList<>();
    for (AudioLevel level : script.levels()) {
      signals.onLevel(level).ifPresent(signal -> raised.add(new Raised(signal, level.atUs())));
    }
    return raised;
  }

  private static List<SignalKind> kinds(List<Raised> raised) {
    return raised.stream().map(Raised::kind).toList();
  }

  /** At most {@code withinUs} later. */
  private static void assertNear(long expectedUs, long actualUs, long withinUs) {
    long lateUs = actualUs - expectedUs;
    assertTrue(lateUs >= -100_000 && lateUs <= withinUs, "late by " + lateUs + " us");
  }
}
