package dev.halcyon.codecs.testcard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a player would show and sound, as {@link TestCardJudge} saw and heard it. Times in the file
 * are presentation times; programme times are those that the test card itself states.
 *
 * @param pictures absent without a video track
 * @param sound absent without an audio track
 * @param skew absent when no marker was heard while a picture was shown
 * @param decodeErrors packets that a decoder refused, and damaged frames
 * @param durationUs from the first thing presented to the end of the last
 */
public record Verdict(
    Optional<Pictures> pictures,
    Optional<Sound> sound,
    Optional<Skew> skew,
    int decodeErrors,
    long durationUs) {

  /** A picture further from its place than this is a fault: twice FLV's rounding. */
  private static final long MAX_TIMING_ERROR_US = 2000;

  /** In place of a frame index: no picture could be read. */
  public static final int NONE = -1;

  /** In place of a marker's time: none was heard. */
  public static final long NO_MARKER = -1;

  /**
   * The pictures, in the order in which they are presented.
   *
   * @param firstFrame index of the first readable picture, {@link #NONE} without
   * @param presentedFrames all of them, readable or not
   * @param missing indexes between the first and the last that are not presented, at most 10,000
   * @param repeated indexes that are presented again
   * @param outOfOrder indexes that come after a higher one
   * @param black positions, from 0, of black pictures
   * @param unreadable positions of pictures without a readable code that are not black
   * @param ptsUs presentation time of each
   * @param endUs when the last one ends
   * @param maxTimingErrorUs how far pictures lie from where the first one's place puts them
   * @param cardIds of the cards that they show
   * @param sizes {@code WxH}, in order of appearance
   */
  public record Pictures(
      int firstFrame,
      int lastFrame,
      int presentedFrames,
      List<Integer> missing,
      List<Integer> repeated,
      List<Integer> outOfOrder,
      List<Integer> black,
      List<Integer> unreadable,
      List<Long> ptsUs,
      long endUs,
      long maxTimingErrorUs,
      Set<Integer> cardIds,
      List<String> sizes) {}

  /**
   * The sound.
   *
   * @param firstMarkerUs programme time of the first marker heard, {@link #NO_MARKER} without
   * @param missingMarkersUs programme times between the first and the last that were not heard
   * @param repeatedMarkersUs programme times heard again
   * @param unreadableMarkers heard, but not understood
   * @param samples presented, a channel
   * @param startUs when the first sample is presented
   * @param endUs when the last one ends
   * @param gaps where the time stamps jump by over 12.5 ms; a negative length is an overlap
   * @param cardIds of the cards that it comes from
   */
  public record Sound(
      int markers,
      long firstMarkerUs,
      long lastMarkerUs,
      List<Long> missingMarkersUs,
      List<Long> repeatedMarkersUs,
      int unreadableMarkers,
      long samples,
      int sampleRateHz,
      long startUs,
      long endUs,
      List<SoundGap> gaps,
      Set<Integer> cardIds) {}

  /** A jump in the sound's time stamps. */
  public record SoundGap(long atUs, long lengthUs) {}

  /**
   * How much later the sound is than the picture that belongs to it; negative is early.
   *
   * @param startUs at the first marker that a picture goes with
   * @param endUs at the last
   * @param markers how many were compared
   */
  public record Skew(long startUs, long endUs, long maxAbsUs, int markers) {}

  /** Everything that is wrong but the skew, for which the asker knows the bound; empty if clean. */
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    pictures.ifPresent(seen -> addFaults(faults, seen));
    sound.ifPresent(heard -> addFaults(faults, heard));
    if (decodeErrors > 0) {
      faults.add("decode errors: " + decodeErrors);
    }
    if (pictures.isPresent()
        && sound.isPresent()
        && sound.get().markers() > 0
        && !pictures.get().cardIds().equals(sound.get().cardIds())) {
      faults.add(
          "sound of card "
              + sound.get().cardIds()
              + " to pictures of card "
              + pictures.get().cardIds());
    }
    return faults;
  }

  /** {@link #faults()}, and a skew beyond {@code maxSkewUs}. */
  public List<String> faults(long maxSkewUs) {
    List<String> faults = faults();
    skew.filter(measured -> measured.maxAbsUs() > maxSkewUs)
        .ifPresent(measured -> faults.add("A/V skew of up to " + measured.maxAbsUs() + " us"));
    return faults;
  }

  private static void addFaults(List<String> faults, Pictures seen) {
    if (seen.firstFrame() == NONE) {
      faults.add("no readable picture");
    }
    addList(faults, "missing frames", seen.missing());
    addList(faults, "repeated frames", seen.repeated());
    addList(faults, "frames out of order", seen.outOfOrder());
    addList(faults, "black pictures at", seen.black());
    addList(faults, "unreadable pictures at", seen.unreadable());
    if (seen.maxTimingErrorUs() > MAX_TIMING_ERROR_US) {
      faults.add("pictures off their time by up to " + seen.maxTimingErrorUs() + " us");
    }
    if (seen.cardIds().size() > 1) {
      faults.add("pictures of several cards " + seen.cardIds());
    }
  }

  private static void addFaults(List<String> faults, Sound heard) {
    addList(faults, "missing markers at us", heard.missingMarkersUs());
    addList(faults, "repeated markers at us", heard.repeatedMarkersUs());
    if (heard.unreadableMarkers() > 0) {
      faults.add("unreadable markers: " + heard.unreadableMarkers());
    }
    for (SoundGap gap : heard.gaps()) {
      faults.add("sound jumps by " + gap.lengthUs() + " us at " + gap.atUs() + " us");
    }
    if (heard.cardIds().size() > 1) {
      faults.add("sound of several cards " + heard.cardIds());
    }
  }

  private static void addList(List<String> faults, String what, List<?> found) {
    if (!found.isEmpty()) {
      faults.add(what + " " + found);
    }
  }

  /** Some lines for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    pictures.ifPresent(
        seen ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "pictures  %d presented, frames %d to %d, %s, %.3f s to %.3f s%n",
                    seen.presentedFrames(),
                    seen.firstFrame(),
                    seen.lastFrame(),
                    String.join(" then ", seen.sizes()),
                    seen.ptsUs().isEmpty() ? 0 : seen.ptsUs().getFirst() / 1e6,
                    seen.endUs() / 1e6)));
    sound.ifPresent(
        heard ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "sound     %d samples at %d Hz, %d markers, %.3f s to %.3f s%n",
                    heard.samples(),
                    heard.sampleRateHz(),
                    heard.markers(),
                    heard.startUs() / 1e6,
                    heard.endUs() / 1e6)));
    skew.ifPresent(
        measured ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "A/V skew  %+.3f ms at the start, %+.3f ms at the end, at most %.3f ms%n",
                    measured.startUs() / 1e3,
                    measured.endUs() / 1e3,
                    measured.maxAbsUs() / 1e3)));
    List<String> faults = faults();
    return text.append("faults    ")
        .append(faults.isEmpty() ? "none" : String.join("; ", faults))
        .toString();
  }
}
