package dev.halcyon.core.cut.smart;

import dev.halcyon.core.cut.smart.SmartPicture.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Plans a smart cut: a file that holds exactly the presented pictures, so that no edit list has to
 * hide any. GOPs that are presented whole are copied; of those that are not, what can be copied is,
 * and the rest is coded again. For a clip of one epoch that is the end of the GOP in which it
 * begins and the end of the one in which it ends. Pure; any thread.
 *
 * <p>Copying begins where decoding can begin afresh. It goes on until a picture that is not
 * presented, and ends there behind the last picture, in decoding order, before which everything
 * that has been copied is shown before everything that has not.
 */
public final class SmartPlanner {
  private final List<SmartPicture> pictures;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Integer> copied = new ArrayList<>();
  private final NavigableSet<Long> encodedUs = new TreeSet<>();

  /** Whether the GOP before was copied to its end: then this one's can go on. */
  private boolean isCopying;

  private int encodedFormat;
  private int decodeFrom;
  private int decodeTo;

  private SmartPlanner(List<SmartPicture> pictures) {
    this.pictures = pictures;
  }

  /**
   * @param pictures in decoding order; the first one can be decoded
   * @return empty when none is presented
   */
  public static List<Segment> plan(List<SmartPicture> pictures) {
    SmartPlanner planner = new SmartPlanner(pictures);
    int before = 0;
    for (int from = 0; from < pictures.size(); ) {
      int to = planner.endOfGop(from);
      planner.addGop(before, from, to);
      before = from;
      from = to;
    }
    planner.endCopied();
    planner.endEncoded();
    return List.copyOf(planner.segments);
  }

  private int endOfGop(int from) {
    int to = from + 1;
    while (to < pictures.size() && pictures.get(to).entry() == Entry.NONE) {
      to++;
    }
    return to;
  }

  /**
   * @param before where the GOP before begins: leading pictures need it
   */
  private void addGop(int before, int from, int to) {
    List<Integer> leading = isCopying ? List.of() : leading(from, to);
    List<Integer> own = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (!leading.contains(i)) {
        own.add(i);
      }
    }
    boolean canCopy = isCopying || pictures.get(from).entry() == Entry.FRESH;
    int kept = canCopy ? copyable(own) : 0;
    if (kept > 0 && !isCopying) {
      encode(before, from, leading);
      endEncoded();
    }
    copied.addAll(own.subList(0, kept));
    isCopying = kept == own.size();
    if (!isCopying) {
      endCopied();
      List<Integer> rest = new ArrayList<>(own.subList(kept, own.size()));
      rest.addAll(kept == 0 ? leading : List.of());
      encode(before, from, rest);
    }
  }

  /** Pictures of a GOP that are shown before its keyframe. */
  private List<Integer> leading(int from, int to) {
    List<Integer> leading = new ArrayList<>();
    for (int i = from + 1; i < to; i++) {
      if (pictures.get(i).ptsUs() < pictures.get(from).ptsUs()) {
        leading.add(i);
      }
    }
    return leading;
  }

  /** How many of the candidates can be copied with nothing shown out of order. */
  private int copyable(List<Integer> candidates) {
    int shown = 0;
    while (shown < candidates.size() && pictures.get(candidates.get(shown)).isPresented()) {
      shown++;
    }
    for (int count = shown; count > 0; count--) {
      if (isShownBefore(candidates.subList(0, count), candidates)) {
        return count;
      }
    }
    return 0;
  }

  private boolean isShownBefore(List<Integer> first, List<Integer> all) {
    long lastUs = first.stream().mapToLong(i -> pictures.get(i).ptsUs()).max().orElse(0);
    return all.stream()
        .skip(first.size())
        .map(pictures::get)
        .filter(SmartPicture::isPresented)
        .allMatch(picture -> picture.ptsUs() > lastUs);
  }

  /** Adds what of {@code wanted}, pictures of the GOP at {@code from}, is presented. */
  private void encode(int before, int from, List<Integer> wanted) {
    List<Integer> presented =
        wanted.stream().filter(i -> pictures.get(i).isPresented()).sorted().toList();
    if (presented.isEmpty()) {
      return;
    }
    int format = pictures.get(from).formatIndex();
    if (!encodedUs.isEmpty() && encodedFormat != format) {
      endEncoded();
    }
    if (encodedUs.isEmpty()) {
      boolean needsBefore =
          presented.stream().anyMatch(i -> pictures.get(i).ptsUs() < pictures.get(from).ptsUs());
      boolean isSameFormat = pictures.get(before).formatIndex() == format;
      encodedFormat = format;
      decodeFrom = needsBefore && isSameFormat ? before : from;
    }
    presented.forEach(i -> encodedUs.add(pictures.get(i).ptsUs()));
    decodeTo = presented.getLast() + 1;
  }

  private void endCopied() {
    if (!copied.isEmpty()) {
      segments.add(new Segment.Copied(copied));
      copied.clear();
    }
  }

  private void endEncoded() {
    if (!encodedUs.isEmpty()) {
      segments.add(
          new Segment.Encoded(encodedFormat, decodeFrom, decodeTo, List.copyOf(encodedUs)));
      encodedUs.clear();
    }
  }
}
