package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * For tests: what a file must present of a window over several epochs of a ring, computed from the
 * packets' stamps alone, against what it shows and sounds.
 *
 * @param fromUs stream time
 * @param toUs exclusive
 * @param originUs stream time of the file's time 0
 * @param unitUs what the file's times are rounded to
 */
record StitchOracle(EpochRing ring, long fromUs, long toUs, long originUs, long unitUs) {
  private static final long MAX_SKEW_US = 5_000;

  /** In a stretch of such a length at least one marker, a tenth of a second apart, is whole. */
  private static final long AUDIBLE_US = 300_000;

  /** Less than between any two pictures, more than times are rounded by. */
  private static final long NEAR_US = 600;

  /** The same of a file that does not begin at 0. */
  StitchOracle beginningAt(long us, long otherUnitUs) {
    return new StitchOracle(ring, fromUs, toUs, originUs - us, otherUnitUs);
  }

  /** Stream times of the pictures that an epoch gives to the window. */
  List<Long> wanted(int epoch) {
    return List.copyOf(ring.epoch(epoch).pictures().subMap(fromUs, toUs).keySet());
  }

  /**
   * What is wrong; empty if nothing is.
   *
   * @param epochs that the file has
   * @param missingAtEnd how many pictures it may lack at its end: those that need one from behind
   */
  List<String> faults(Path file, List<Integer> epochs, int missingAtEnd) {
    List<String> faults = new ArrayList<>();
    int shown = 0;
    for (int i = 0; i < epochs.size(); i++) {
      boolean isLast = i == epochs.size() - 1;
      long untilUs = isLast ? Long.MAX_VALUE / 2 : wanted(epochs.get(i + 1)).getFirst();
      int part = i;
      Part side = new Part(epochs.get(i), untilUs, isLast ? missingAtEnd : 0);
      shown += addFaults(faults, file, side, "part " + part + ": ");
    }
    Verdict.Pictures all = TestCardJudge.judge(file).pictures().orElseThrow();
    if (all.presentedFrames() != shown || !all.black().isEmpty()) {
      faults.add(all.presentedFrames() + " pictures in all, not " + shown + "; " + all.black());
    }
    return faults;
  }

  /**
   * @param untilUs stream time at which the next part begins
   */
  private record Part(int epoch, long untilUs, int missingAtEnd) {}

  /** How many pictures the part shows. */
  private int addFaults(List<String> faults, Path file, Part part, String name) {
    List<Long> wantedUs = wanted(part.epoch());
    long fromUs = wantedUs.getFirst() - originUs - NEAR_US;
    Verdict.Pictures seen =
        TestCardJudge.judge(file, fromUs, part.untilUs() - originUs - NEAR_US)
            .pictures()
            .orElseThrow();
    int count = seen.presentedFrames();
    int lacking = wantedUs.size() - count;
    if (lacking < 0 || lacking > part.missingAtEnd()) {
      faults.add(name + count + " pictures instead of " + wantedUs.size());
      return count;
    }
    List<Long> placesUs = wantedUs.subList(0, count).stream().map(us -> us - originUs).toList();
    if (offUs(seen.ptsUs(), placesUs) > unitUs) {
      faults.add(name + "pictures at " + seen.ptsUs() + " instead of " + placesUs);
    }
    int first = ring.epoch(part.epoch()).firstFrameFrom(wantedUs.getFirst());
    if (seen.firstFrame() != first || seen.lastFrame() != first + count - 1) {
      faults.add(name + "frames " + seen.firstFrame() + ".." + seen.lastFrame());
    }
    addSoundFaults(faults, file, part, name);
    return count;
  }

  private static long offUs(List<Long> seenUs, List<Long> wantedUs) {
    return IntStream.range(0, seenUs.size())
        .mapToLong(i -> Math.abs(seenUs.get(i) - wantedUs.get(i)))
        .max()
        .orElse(0);
  }

  /** As far as the sound of the epoch goes: a marker that breaks off is none. */
  private void addSoundFaults(List<String> faults, Path file, Part part, String name) {
    List<Long> wantedUs = wanted(part.epoch());
    long fromUs = wantedUs.getFirst() - originUs - NEAR_US;
    long soundEndUs = Math.min(ring.epoch(part.epoch()).soundEndUs(), part.untilUs()) - originUs;
    Verdict heard = TestCardJudge.judge(file, fromUs, soundEndUs - NEAR_US);
    heard.faults(MAX_SKEW_US).forEach(fault -> faults.add(name + fault));
    long audibleUs = Math.min(soundEndUs, toUs - originUs) - fromUs;
    if (audibleUs > AUDIBLE_US && heard.skew().isEmpty()) {
      faults.add(name + "sound and pictures could not be compared");
    }
  }
}
