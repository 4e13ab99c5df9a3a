package dev.halcyon.core.cut;

/**
 * One entry of a track's edit list: the presentation shows {@code durationUs} of the track from
 * {@code mediaTicks} on, or nothing.
 *
 * @param durationUs length in the presentation
 * @param mediaTicks presentation time on the track's own time line, or {@link #EMPTY}
 */
public record CutEdit(long durationUs, long mediaTicks) {
  /** {@link #mediaTicks()} of an edit that presents nothing. */
  public static final long EMPTY = -1;

  public static CutEdit nothing(long durationUs) {
    return new CutEdit(durationUs, EMPTY);
  }

  public boolean isEmpty() {
    return mediaTicks == EMPTY;
  }
}
