package dev.halcyon.codecs.testcard;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Looks at the decoded pictures of a file, one after the other. One thread. */
final class PictureWitness {
  private static final int MAX_LISTED = 10_000;

  /** Points looked at in each direction to tell black from unreadable. */
  private static final int PROBES = 24;

  /** Limited range's black is 16; coding noise stays under these. */
  private static final int BLACK_MEAN = 24;

  private static final int BLACK_BRIGHTEST = 48;

  private final List<Long> ptsUs = new ArrayList<>();
  private final List<Integer> black = new ArrayList<>();
  private final List<Integer> unreadable = new ArrayList<>();
  private final List<Integer> repeated = new ArrayList<>();
  private final List<Integer> outOfOrder = new ArrayList<>();
  private final Set<Integer> cardIds = new TreeSet<>();
  private final Set<String> sizes = new LinkedHashSet<>();
  private final BitSet seen = new BitSet();

  /** Of readable pictures: when they should be shown (programme) to when they are (file). */
  private final TreeMap<Long, List<Long>> fileUsByProgrammeUs = new TreeMap<>();

  private int firstFrame = Verdict.NONE;
  private int lastFrame = Verdict.NONE;
  private long firstOffsetUs;
  private long maxTimingErrorUs;
  private long lastDurationUs;
  private int corrupt;

  /**
   * @param durationUs 0 where the file does not say
   */
  void onPicture(AVFrame frame, long atUs, long durationUs) {
    if ((frame.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0 || frame.decode_error_flags() != 0) {
      corrupt++;
    }
    long shownUs = atUs == AV_NOPTS_VALUE ? endUs() : atUs;
    lastDurationUs = durationUs > 0 || ptsUs.isEmpty() ? durationUs : shownUs - ptsUs.getLast();
    PictureLuma luma = new PictureLuma(frame);
    sizes.add(luma.widthPx() + "x" + luma.heightPx());
    Optional<FrameStamp> stamp = FrameCode.read(luma);
    if (stamp.isPresent()) {
      onStamp(stamp.get(), shownUs);
    } else {
      (isBlack(luma) ? black : unreadable).add(ptsUs.size());
    }
    ptsUs.add(shownUs);
  }

  int corrupt() {
    return corrupt;
  }

  boolean sawAny() {
    return !ptsUs.isEmpty();
  }

  long startUs() {
    return ptsUs.getFirst();
  }

  long endUs() {
    return ptsUs.isEmpty() ? 0 : ptsUs.getLast() + lastDurationUs;
  }

  /**
   * How much later the sound of a programme time is than the picture; where that picture is shown
   * more than once, the nearest counts. Empty when nothing is shown then.
   *
   * @param heardUs when the file sounds it
   */
  Optional<Long> skewUs(long programmeUs, long heardUs) {
    Map.Entry<Long, List<Long>> shown = fileUsByProgrammeUs.floorEntry(programmeUs);
    if (shown == null || programmeUs >= fileUsByProgrammeUs.lastKey() + lastDurationUs) {
      return Optional.empty();
    }
    long intoPictureUs = programmeUs - shown.getKey();
    return shown.getValue().stream()
        .map(shownUs -> heardUs - shownUs - intoPictureUs)
        .min(Comparator.comparingLong(Math::abs));
  }

  Verdict.Pictures verdict() {
    return new Verdict.Pictures(
        firstFrame,
        lastFrame,
        ptsUs.size(),
        missing(),
        List.copyOf(repeated),
        List.copyOf(outOfOrder),
        List.copyOf(black),
        List.copyOf(unreadable),
        List.copyOf(ptsUs),
        endUs(),
        maxTimingErrorUs,
        Set.copyOf(cardIds),
        List.copyOf(sizes));
  }

  private void onStamp(FrameStamp stamp, long shownUs) {
    int index = stamp.index();
    long offsetUs = shownUs - stamp.timeUs();
    if (firstFrame == Verdict.NONE) {
      firstFrame = index;
      firstOffsetUs = offsetUs;
    }
    fileUsByProgrammeUs.computeIfAbsent(stamp.timeUs(), absent -> new ArrayList<>(1)).add(shownUs);
    if (seen.get(index)) {
      repeated.add(index);
    } else {
      maxTimingErrorUs = Math.max(maxTimingErrorUs, Math.abs(offsetUs - firstOffsetUs));
      if (index < lastFrame) {
        outOfOrder.add(index);
      }
    }
    seen.set(index);
    cardIds.add(stamp.cardId());
    lastFrame = Math.max(lastFrame, index);
  }

  private List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    if (seen.isEmpty()) {
      return missing;
    }
    int index = seen.nextClearBit(seen.nextSetBit(0));
    while (index < lastFrame && missing.size() < MAX_LISTED) {
      missing.add(index);
      index = seen.nextClearBit(index + 1);
    }
    return missing;
  }

  private static boolean isBlack(LumaPlane luma) {
    int sum = 0;
    int brightest = 0;
    for (int i = 0; i < PROBES; i++) {
      for (int j = 0; j < PROBES; j++) {
        int level = luma.at(i * luma.widthPx() / PROBES, j * luma.heightPx() / PROBES);
        sum += level;
        brightest = Math.max(brightest, level);
      }
    }
    return sum / (PROBES * PROBES) <= BLACK_MEAN && brightest <= BLACK_BRIGHTEST;
  }
}
