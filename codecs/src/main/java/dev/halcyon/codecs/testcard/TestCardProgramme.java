package dev.halcyon.codecs.testcard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a test card shows and sounds, and when: the planted moments that a test or the demo expects
 * to be found again. All times are programme time, from 0 at the card's first picture.
 *
 * @param sound what is heard between the time markers
 * @param markerIntervalUs from one time marker to the next; whole tenths of a second
 * @param cycleUs after this the moments happen again; {@link #NEVER} for once only
 * @param moments by time, none reaching past the cycle's end
 */
public record TestCardProgramme(
    Sound sound, long markerIntervalUs, long cycleUs, List<Moment> moments) {
  public static final long NEVER = Long.MAX_VALUE;

  /** What is heard between the markers. */
  public enum Sound {
    /** Nothing: the markers alone. */
    SILENCE,
    /** A quiet talk-like noise, about −40 LUFS in stereo, under the bursts of the crowd. */
    TALK
  }

  /** What kind of thing is planted. */
  public enum Kind {
    /** The crowd swells to about −14 LUFS in stereo and falls again. */
    CROWD_BURST,
    /** The picture's colours change from one frame to the next. */
    SCENE_CHANGE
  }

  /** One planted moment; a scene change lasts 0. */
  public record Moment(Kind kind, long atUs, long durationUs) {
    public Moment {
      Objects.requireNonNull(kind, "kind");
      if (atUs < 0 || durationUs < 0 || durationUs > 60_000_000) {
        throw new IllegalArgumentException(
            "moment out of range [atUs=" + atUs + ", durationUs=" + durationUs + "]");
      }
    }

    public static Moment crowdBurst(long atUs, long durationUs) {
      return new Moment(Kind.CROWD_BURST, atUs, durationUs);
    }

    public static Moment sceneChange(long atUs) {
      return new Moment(Kind.SCENE_CHANGE, atUs, 0);
    }

    public long endUs() {
      return atUs + durationUs;
    }
  }

  public TestCardProgramme {
    Objects.requireNonNull(sound, "sound");
    if (markerIntervalUs < 100_000 || markerIntervalUs % 100_000 != 0) {
      throw new IllegalArgumentException(
          "marker interval must be whole tenths of a second [markerIntervalUs="
              + markerIntervalUs
              + "]");
    }
    moments = moments.stream().sorted(Comparator.comparingLong(Moment::atUs)).toList();
    for (Moment moment : moments) {
      if (moment.endUs() > cycleUs) {
        throw new IllegalArgumentException(
            "moment reaches past the cycle [moment=" + moment + ", cycleUs=" + cycleUs + "]");
      }
    }
  }

  /** Markers ten times a second and nothing else: the sharpest instrument. */
  public static TestCardProgramme markersOnly() {
    return new TestCardProgramme(Sound.SILENCE, 100_000, NEVER, List.of());
  }

  /** Talk, once, with the given moments and a marker each second. */
  public static TestCardProgramme talkWith(List<Moment> moments) {
    return new TestCardProgramme(Sound.TALK, 1_000_000, NEVER, moments);
  }

  /** A minute of quiet talk in which the crowd bursts out three times, for ever. */
  public static TestCardProgramme demo() {
    return new TestCardProgramme(
        Sound.TALK,
        1_000_000,
        60_000_000,
        List.of(
            Moment.sceneChange(6_000_000),
            Moment.crowdBurst(12_000_000, 2_500_000),
            Moment.sceneChange(12_400_000),
            Moment.sceneChange(21_000_000),
            Moment.crowdBurst(31_000_000, 2_000_000),
            Moment.sceneChange(31_400_000),
            Moment.sceneChange(40_000_000),
            Moment.crowdBurst(48_000_000, 3_000_000),
            Moment.sceneChange(48_400_000),
            Moment.sceneChange(55_000_000)));
  }

  /** The moments, in all cycles, that touch [fromUs, toUs); their times are absolute. */
  public List<Moment> momentsWithin(long fromUs, long toUs) {
    List<Moment> within = new ArrayList<>();
    if (moments.isEmpty() || fromUs >= toUs) {
      return within;
    }
    long cycle = cycleUs == NEVER ? 0 : Math.max(0, fromUs) / cycleUs;
    while (true) {
      long baseUs = cycle == 0 ? 0 : cycle * cycleUs;
      if (baseUs >= toUs) {
        return within;
      }
      for (Moment moment : moments) {
        long atUs = baseUs + moment.atUs();
        if (atUs < toUs && (atUs + moment.durationUs() > fromUs || atUs >= fromUs)) {
          within.add(new Moment(moment.kind(), atUs, moment.durationUs()));
        }
      }
      if (cycleUs == NEVER) {
        return within;
      }
      cycle++;
    }
  }

  /** How many scene changes happened up to and at {@code timeUs}. */
  public long sceneAt(long timeUs) {
    long inCycleUs = cycleUs == NEVER ? timeUs : timeUs % cycleUs;
    long changes = 0;
    long changesPerCycle = 0;
    for (Moment moment : moments) {
      if (moment.kind() == Kind.SCENE_CHANGE) {
        changesPerCycle++;
        changes += moment.atUs() <= inCycleUs ? 1 : 0;
      }
    }
    return (cycleUs == NEVER ? 0 : timeUs / cycleUs * changesPerCycle) + changes;
  }
}
