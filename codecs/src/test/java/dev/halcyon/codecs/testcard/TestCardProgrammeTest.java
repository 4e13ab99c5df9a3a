package dev.halcyon.codecs.testcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.codecs.testcard.TestCardProgramme.Kind;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestCardProgrammeTest {
  @Test
  void repeatsItsMomentsCycleAfterCycle() {
    TestCardProgramme demo = TestCardProgramme.demo();
    List<Long> bursts =
        demo.momentsWithin(45_000_000, 135_000_000).stream()
            .filter(moment -> moment.kind() == Kind.CROWD_BURST)
            .map(Moment::atUs)
            .toList();
    assertEquals(
        List.of(48_000_000L, 72_000_000L, 91_000_000L, 108_000_000L, 132_000_000L), bursts);
  }

  @Test
  void countsSceneChangesOverCycles() {
    TestCardProgramme demo = TestCardProgramme.demo();
    assertEquals(0, demo.sceneAt(0));
    assertEquals(0, demo.sceneAt(5_999_999));
    assertEquals(1, demo.sceneAt(6_000_000));
    assertEquals(7, demo.sceneAt(60_000_000));
    assertEquals(8, demo.sceneAt(66_000_000));
  }

  @Test
  void seesAMomentThatBeganBefore() {
    TestCardProgramme once =
        TestCardProgramme.talkWith(List.of(Moment.crowdBurst(1_000_000, 2_000_000)));
    assertEquals(1, once.momentsWithin(2_900_000, 2_950_000).size());
    assertEquals(0, once.momentsWithin(3_000_000, 90_000_000).size());
  }

  @Test
  void refusesAMomentPastTheCycle() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new TestCardProgramme(
                TestCardProgramme.Sound.TALK,
                1_000_000,
                5_000_000,
                List.of(Moment.crowdBurst(4_000_000, 2_000_000))));
  }
}
