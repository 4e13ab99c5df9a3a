package dev.halcyon.core.cut.smart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.cut.smart.SmartPicture.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SmartPlannerTest {
  /** Pts in decoding order; "k" a fresh keyframe, "c" a recovery point; shown are [from, to). */
  private static List<SmartPicture> pictures(String decodingOrder, long from, long to) {
    List<SmartPicture> pictures = new ArrayList<>();
    for (String word : decodingOrder.trim().split("\\s+", -1)) {
      Entry entry =
          word.endsWith("k") ? Entry.FRESH : word.endsWith("c") ? Entry.CONTINUED : Entry.NONE;
      long pts = Long.parseLong(entry == Entry.NONE ? word : word.substring(0, word.length() - 1));
      pictures.add(new SmartPicture(pts, entry, pts >= from && pts < to, 0));
    }
    return pictures;
  }

  private static Segment copied(Integer... indexes) {
    return new Segment.Copied(List.of(indexes));
  }

  private static Segment encoded(int decodeFrom, int decodeTo, Long... pts) {
    return new Segment.Encoded(0, decodeFrom, decodeTo, List.of(pts));
  }

  @Test
  void encodesTheEndOfTheFirstGopAndCopiesTheNextOne() {
    assertEquals(
        List.of(encoded(0, 4, 2L, 3L), copied(4, 5, 6, 7)),
        SmartPlanner.plan(pictures("0k 1 2 3 4k 5 6 7", 2, 8)));
  }

  @Test
  void copiesAllOfWhatIsPresentedWhole() {
    assertEquals(
        List.of(copied(0, 1, 2, 3, 4, 5)), SmartPlanner.plan(pictures("0k 2 1 3k 5 4", 0, 6)));
  }

  /** Without reordering nothing has to be hidden behind the end. */
  @Test
  void copiesTheBeginningOfTheLastGop() {
    assertEquals(
        List.of(copied(0, 1, 2, 3, 4)), SmartPlanner.plan(pictures("0k 1 2 3k 4 5 6", 0, 5)));
  }

  @Test
  void encodesOnlyWhatHangsOnAHiddenReference() {
    assertEquals(
        List.of(copied(0, 1, 2, 3), encoded(0, 6, 4L)),
        SmartPlanner.plan(pictures("0k 3 1 2 6 4 5", 0, 5)));
  }

  /** 3 is presented, but 1 and 2, which hang on 6, would be shown after it. */
  @Test
  void copiesNothingThatWouldBeShownBeforeItsTurn() {
    assertEquals(
        List.of(copied(0), encoded(0, 5, 1L, 2L, 3L)),
        SmartPlanner.plan(pictures("0k 3 6 1 2 4 5", 0, 4)));
  }

  @Test
  void encodesAWindowInsideOfOneGop() {
    assertEquals(
        List.of(encoded(0, 6, 3L, 4L)), SmartPlanner.plan(pictures("0k 1 2 6 3 4 5 7", 3, 5)));
  }

  @Test
  void encodesLeadingPicturesWithTheGopBefore() {
    assertEquals(
        List.of(encoded(0, 6, 1L, 2L, 3L, 4L), copied(3, 6, 7)),
        SmartPlanner.plan(pictures("0k 1 2 5k 3 4 6 7", 1, 8)));
  }

  /** H.264: a new sequence can begin at an IDR only. */
  @Test
  void goesOnEncodingUntilDecodingCanBeginAfresh() {
    assertEquals(
        List.of(encoded(0, 6, 1L, 2L, 3L, 4L, 5L), copied(6, 7)),
        SmartPlanner.plan(pictures("0k 1 2 4c 3 5 6k 7", 1, 8)));
    assertEquals(List.of(copied(0, 1, 2, 3, 4)), SmartPlanner.plan(pictures("0k 1 3c 2 4", 0, 5)));
  }

  @Test
  void plansNothingWhereNothingIsPresented() {
    assertEquals(List.of(), SmartPlanner.plan(pictures("0k 1 2", 5, 6)));
  }

  /** Random GOPs and windows: each presented picture once, in order, and what is copied decodes. */
  @Test
  void showsEachPresentedPictureOnceAndInOrder() {
    for (long seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      List<SmartPicture> pictures = random(random);
      String name = "seed " + seed + " " + pictures;
      List<Segment> segments = SmartPlanner.plan(pictures);
      List<Long> shown = new ArrayList<>();
      for (Segment segment : segments) {
        List<Long> own =
            switch (segment) {
              case Segment.Copied run ->
                  run.pictures().stream().map(i -> pictures.get(i).ptsUs()).sorted().toList();
              case Segment.Encoded run -> run.ptsUs();
            };
        shown.addAll(own);
      }
      List<Long> wanted =
          pictures.stream()
              .filter(SmartPicture::isPresented)
              .map(SmartPicture::ptsUs)
              .sorted()
              .toList();
      assertEquals(wanted, shown, name);
      segments.forEach(segment -> check(name, pictures, segment));
    }
  }

  private static void check(String name, List<SmartPicture> pictures, Segment segment) {
    switch (segment) {
      case Segment.Copied run -> {
        SmartPicture first = pictures.get(run.pictures().getFirst());
        assertEquals(Entry.FRESH, first.entry(), name);
        assertTrue(run.pictures().stream().allMatch(i -> pictures.get(i).isPresented()), name);
        // All that lies between in decoding order is there, but for what leads the first one.
        Set<Integer> own = new HashSet<>(run.pictures());
        for (int i = run.pictures().getFirst(); i < run.pictures().getLast(); i++) {
          assertTrue(own.contains(i) || pictures.get(i).ptsUs() < first.ptsUs(), name);
        }
      }
      case Segment.Encoded run -> {
        assertTrue(pictures.get(run.decodeFrom()).entry() != Entry.NONE, name);
        Set<Long> decoded = new HashSet<>();
        pictures
            .subList(run.decodeFrom(), run.decodeTo())
            .forEach(picture -> decoded.add(picture.ptsUs()));
        assertTrue(decoded.containsAll(run.ptsUs()), name);
        long keyUs = pictures.get(run.decodeFrom()).ptsUs();
        boolean isFirst = run.decodeFrom() == 0;
        assertTrue(isFirst || run.ptsUs().getFirst() >= keyUs, name + ": leading ones decode");
      }
    }
  }

  /** Mini-GOPs of an anchor and the pictures before it; keyframes open or closed. */
  private static List<SmartPicture> random(Random random) {
    List<SmartPicture> coded = new ArrayList<>();
    long pts = 0;
    boolean isOpen = random.nextBoolean();
    for (int gop = 0; gop < 2 + random.nextInt(4); gop++) {
      int anchors = 1 + random.nextInt(4);
      for (int i = 0; i < anchors; i++) {
        int between = gop + i == 0 || (i == 0 && !isOpen) ? 0 : random.nextInt(4);
        Entry key = between > 0 && random.nextBoolean() ? Entry.CONTINUED : Entry.FRESH;
        coded.add(new SmartPicture(pts + between, i > 0 ? Entry.NONE : key, false, 0));
        for (int b = 0; b < between; b++) {
          coded.add(new SmartPicture(pts + b, Entry.NONE, false, 0));
        }
        pts += between + 1;
      }
    }
    long from = random.nextLong(pts);
    long to = from + 1 + random.nextLong(pts - from);
    return coded.stream().map(picture -> shown(picture, from, to)).toList();
  }

  private static SmartPicture shown(SmartPicture picture, long from, long to) {
    boolean isPresented = picture.ptsUs() >= from && picture.ptsUs() < to;
    return new SmartPicture(picture.ptsUs(), picture.entry(), isPresented, 0);
  }
}
