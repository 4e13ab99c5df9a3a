package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random streams, cut and "decoded" by a model that knows every picture's references. */
class CutModelTest {
  private static final HeldSpan ALL = new HeldSpan(Long.MIN_VALUE, Long.MAX_VALUE);

  /** A picture: its pts, whether it is a keyframe, and the pts of what it refers to. */
  private record Picture(long ptsUs, boolean isKeyframe, Set<Long> references) {}

  @Test
  void presentsExactlyThePicturesOfTheWindow() {
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      List<Picture> pictures = pictures(random);
      TrackPackets track = stamps(pictures, random);
      long[] sorted = pictures.stream().mapToLong(Picture::ptsUs).sorted().toArray();
      long fromUs = sorted[random.nextInt(sorted.length / 2)] - random.nextInt(3) * 1_000L;
      long toUs = fromUs + 1 + random.nextLong(sorted[sorted.length - 1] - fromUs);
      List<Long> wanted =
          pictures.stream().map(Picture::ptsUs).filter(p -> p >= fromUs && p < toUs).toList();
      if (!wanted.isEmpty()) {
        check("seed " + seed, pictures, track, fromUs, toUs, new HashSet<>(wanted));
      }
    }
  }

  private static void check(
      String seed,
      List<Picture> pictures,
      TrackPackets track,
      long fromUs,
      long toUs,
      Set<Long> wanted) {
    CutPlan plan =
        CutPlanner.plan(
            new CutRequest(fromUs, toUs, CutRequest.Outside.REFUSE), ALL, List.of(track));
    TrackCut cut = plan.tracks().getFirst();
    CutEdit edit = cut.edits().getLast();
    assertEquals(1, cut.edits().size(), seed);
    Set<Long> shown =
        cut.samples().stream()
            .filter(s -> isShown(s, edit))
            .map(s -> s.packet().ptsUs())
            .collect(Collectors.toSet());
    assertEquals(wanted, shown, seed);
    List<Picture> copied = copied(pictures, cut);
    assertTrue(decodable(copied).containsAll(wanted), seed);
    assertEquals(
        wanted.stream().mapToLong(Long::longValue).min().orElseThrow(),
        plan.contract().deliveredStartUs(),
        seed);
    assertTrue(wanted.contains(copied.getLast().ptsUs()), seed + ": ends with a needed picture");
    for (int later = 1; later < copied.size(); later++) {
      if (copied.get(later).isKeyframe()) {
        List<Picture> shorter = copied.subList(later, copied.size());
        assertFalse(decodable(shorter).containsAll(wanted), seed + ": begins too early");
      }
    }
  }

  private static boolean isShown(CutSample sample, CutEdit edit) {
    long ticks = sample.decodeTicks() + sample.compositionOffsetTicks();
    return ticks >= edit.mediaTicks() && ticks < edit.mediaTicks() + edit.durationUs();
  }

  private static List<Picture> copied(List<Picture> pictures, TrackCut cut) {
    Set<Long> pts = cut.samples().stream().map(s -> s.packet().ptsUs()).collect(Collectors.toSet());
    return pictures.stream().filter(p -> pts.contains(p.ptsUs())).toList();
  }

  private static Set<Long> decodable(List<Picture> file) {
    Set<Long> decoded = new HashSet<>();
    for (Picture picture : file) {
      if (decoded.containsAll(picture.references())) {
        decoded.add(picture.ptsUs());
      }
    }
    return decoded;
  }

  /** GOPs of random length, open or closed, with up to seven B pictures in one or two layers. */
  private static List<Picture> pictures(Random random) {
    List<Picture> pictures = new ArrayList<>();
    long ptsUs = random.nextInt(1_000_000);
    long anchorUs = -1;
    boolean isOpen = random.nextBoolean();
    for (int gop = 0; gop < 3 + random.nextInt(4); gop++) {
      int anchors = 1 + random.nextInt(5);
      for (int i = 0; i < anchors; i++) {
        boolean isKey = i == 0;
        boolean canLead = pictures.isEmpty() || (isKey && !isOpen);
        List<Long> between = new ArrayList<>();
        for (int b = canLead ? 0 : random.nextInt(8); b > 0; b--) {
          between.add(ptsUs);
          ptsUs += frameUs(random);
        }
        long before = anchorUs;
        anchorUs = ptsUs;
        pictures.add(new Picture(anchorUs, isKey, isKey ? Set.of() : Set.of(before)));
        ptsUs += frameUs(random);
        addBetween(pictures, between, before, anchorUs);
      }
    }
    return pictures;
  }

  private static void addBetween(
      List<Picture> pictures, List<Long> between, long before, long after) {
    if (between.isEmpty()) {
      return;
    }
    int middle = between.size() / 2;
    long middleUs = between.get(middle);
    pictures.add(new Picture(middleUs, false, Set.of(before, after)));
    addBetween(pictures, between.subList(0, middle), before, middleUs);
    addBetween(pictures, between.subList(middle + 1, between.size()), middleUs, after);
  }

  private static long frameUs(Random random) {
    return random.nextInt(10) == 0 ? 66_667 : 33_333;
  }

  /** dts: the sorted pts, moved back until none is past its pts. */
  private static TrackPackets stamps(List<Picture> pictures, Random random) {
    long[] dts = pictures.stream().mapToLong(Picture::ptsUs).sorted().toArray();
    long delayUs = 0;
    for (int i = 0; i < dts.length; i++) {
      delayUs = Math.max(delayUs, dts[i] - pictures.get(i).ptsUs());
    }
    Stamps stamps = new Stamps();
    for (int i = 0; i < dts.length; i++) {
      Picture picture = pictures.get(i);
      long jitterUs = random.nextInt(2);
      stamps.add(picture.ptsUs(), dts[i] - delayUs - jitterUs, picture.isKeyframe());
    }
    return stamps.track(0);
  }
}
