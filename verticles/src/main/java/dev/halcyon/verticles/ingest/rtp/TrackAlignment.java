package dev.halcyon.verticles.ingest.rtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * Puts the tracks of one publisher on one time line. Each track's stamps begin anywhere; what ties
 * them together is when packets arrive, and, once both have sent a report, the sender's own wall
 * clock. Then the one that lies too early is moved, once, and always forward: time never goes back.
 * One thread.
 */
final class TrackAlignment {
  /** Less is not worth a seam. */
  static final long MIN_MOVE_US = 1_000;

  /** More is no delay, but reports that do not share a clock. */
  static final long MAX_MOVE_US = 10_000_000;

  private static final long NONE = Long.MAX_VALUE;

  private final List<Place> places = new ArrayList<>();
  private final IntFunction<OptionalLong> originNtpUs;
  private long zeroUs = NONE;

  /** Where one track lies. */
  private static final class Place {
    /** The least of arrival less relative time: what had the least delay tells the most. */
    private long transitUs = NONE;

    private boolean isPlaced;
    private boolean isSettled;
    private long offsetUs;
  }

  /**
   * A correction that was made.
   *
   * @param tracks those moved
   */
  record Move(List<Integer> tracks, long byUs) {}

  /**
   * @param originNtpUs the sender's wall clock at a track's relative time 0, once reported
   */
  TrackAlignment(int tracks, IntFunction<OptionalLong> originNtpUs) {
    this.originNtpUs = originNtpUs;
    for (int i = 0; i < tracks; i++) {
      places.add(new Place());
    }
  }

  /** Notes when media of this relative time came. */
  void observe(int track, long relativeUs, long arrivalUs) {
    Place place = places.get(track);
    if (!place.isPlaced) {
      place.transitUs = Math.min(place.transitUs, arrivalUs - relativeUs);
    }
  }

  boolean isPlaced(int track) {
    return places.get(track).isPlaced;
  }

  /** What to add to a placed track's relative time. */
  long offsetUs(int track) {
    return places.get(track).offsetUs;
  }

  /** Gives a track that has been observed its place: by reports if there are, else by arrival. */
  void place(int track) {
    Place place = places.get(track);
    if (zeroUs == NONE) {
      zeroUs = place.transitUs;
    }
    place.offsetUs = place.transitUs - zeroUs;
    OptionalLong told = toldOffsetUs(track);
    place.isPlaced = true;
    if (told.isPresent()) {
      place.isSettled = true;
      if (Math.abs(told.getAsLong() - place.offsetUs) <= MAX_MOVE_US) {
        place.offsetUs = told.getAsLong();
      }
    }
  }

  /**
   * A track has reported. Corrects the places if this is the first time that it can be told how.
   */
  Optional<Move> onReport(int track) {
    Place place = places.get(track);
    OptionalLong told = toldOffsetUs(track);
    if (!place.isPlaced || place.isSettled || told.isEmpty()) {
      return Optional.empty();
    }
    long byUs = told.getAsLong() - place.offsetUs;
    List<Integer> others = reported(track);
    place.isSettled = true;
    others.forEach(other -> places.get(other).isSettled = true);
    if (Math.abs(byUs) < MIN_MOVE_US || Math.abs(byUs) > MAX_MOVE_US) {
      return Optional.empty();
    }
    List<Integer> moved = byUs > 0 ? List.of(track) : others;
    moved.forEach(index -> places.get(index).offsetUs += Math.abs(byUs));
    return Optional.of(new Move(moved, Math.abs(byUs)));
  }

  /** Where reports put a track against another that is placed and has reported. */
  private OptionalLong toldOffsetUs(int track) {
    OptionalLong origin = originNtpUs.apply(track);
    List<Integer> others = reported(track);
    if (origin.isEmpty() || others.isEmpty()) {
      return OptionalLong.empty();
    }
    int other = others.getFirst();
    long otherOriginUs = originNtpUs.apply(other).orElseThrow();
    return OptionalLong.of(places.get(other).offsetUs + origin.getAsLong() - otherOriginUs);
  }

  private List<Integer> reported(int track) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      if (i != track && places.get(i).isPlaced && originNtpUs.apply(i).isPresent()) {
        others.add(i);
      }
    }
    return others;
  }
}
