package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.RingTimeline;
import dev.halcyon.codecs.cut.SessionTimeline;
import dev.halcyon.codecs.cut.Timeline;
import dev.halcyon.codecs.session.RecordedRange;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.stream.LiveStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Finds where the media of a clip is: in the ring when that holds the window whole, else in the
 * recording when that does. A window that may be shortened comes from whichever holds more of it.
 * Any thread; blocks on nothing.
 */
public final class ClipSources {
  private final Function<UUID, Optional<Recording>> recordings;
  private final Duration longestRecorded;

  /** What a clip is cut from. */
  enum Origin {
    RING,
    RECORDING
  }

  /** A window and what it is cut from. */
  record Found(ResolvedWindow window, Origin origin) {}

  /**
   * @param recordings what is recorded of a stream; empty when nothing is known of it
   * @param longestRecorded clip that is cut from a recording
   */
  public ClipSources(Function<UUID, Optional<Recording>> recordings, Duration longestRecorded) {
    this.recordings = recordings;
    this.longestRecorded = longestRecorded;
  }

  /**
   * @param clamps whether the window may be shortened to what is held
   * @param crossing what to do with a window over several epochs
   * @throws HalcyonException as {@link ResolvedWindow#resolve} says, of both ring and recording;
   *     PAYLOAD_TOO_LARGE when only the recording has it and it is longer than clips of it may be
   */
  Found find(LiveStream stream, ClipWindow asked, boolean clamps, Crossing crossing) {
    List<HeldEpoch> ring = stream.held();
    List<RecordedRange> recorded = recorded(stream, ring);
    ClipWindow window = fixed(asked, ring);
    List<HalcyonException> refusals = new ArrayList<>();
    Optional<Found> found =
        attempt(() -> inRing(stream, window, clamps, crossing, ring), refusals)
            .filter(inRing -> !inRing.window().isClamped());
    if (found.isEmpty() && !recorded.isEmpty()) {
      found =
          attempt(() -> inRecording(window, clamps, crossing, recorded), refusals)
              .filter(inRecording -> !inRecording.window().isClamped());
    }
    if (found.isEmpty() && clamps) {
      found = more(stream, window, crossing, ring, recorded);
    }
    return found.map(this::admitted).orElseThrow(() -> refusal(refusals, recorded));
  }

  private interface Attempt {
    Found run();
  }

  private static Optional<Found> attempt(Attempt attempt, List<HalcyonException> refusals) {
    try {
      return Optional.of(attempt.run());
    } catch (HalcyonException refused) {
      refusals.add(refused);
      return Optional.empty();
    }
  }

  /** The newest part means the newest that has arrived, not the newest that is recorded. */
  private static ClipWindow fixed(ClipWindow asked, List<HeldEpoch> ring) {
    if (asked instanceof ClipWindow.Last(long lengthUs) && !ring.isEmpty()) {
      long toUs = ring.getLast().toUs();
      return new ClipWindow.StreamTime(toUs - lengthUs, toUs);
    }
    return asked;
  }

  private static Found inRing(
      LiveStream stream,
      ClipWindow window,
      boolean clamps,
      Crossing crossing,
      List<HeldEpoch> ring) {
    long capacityUs = stream.settings().ring().capacityS() * 1_000_000L;
    boolean isLive = stream.isOpen(stream.epoch());
    return new Found(
        ResolvedWindow.resolve(window, clamps, crossing, ring, isLive, capacityUs), Origin.RING);
  }

  private static Found inRecording(
      ClipWindow window, boolean clamps, Crossing crossing, List<RecordedRange> recorded) {
    ResolvedWindow resolved =
        ResolvedWindow.resolve(window, clamps, crossing, epochs(recorded), false, 0);
    boolean isTouched = recorded.stream().anyMatch(range -> touches(range, resolved));
    boolean isWhole = isWithoutHole(recorded, resolved.fromUs(), resolved.toUs());
    if (!isWhole && !(clamps && isTouched)) {
      throw new HalcyonException(ErrorCode.RANGE_NOT_HELD, "the recording has a gap in the window");
    }
    return new Found(resolved, Origin.RECORDING);
  }

  private static boolean touches(RecordedRange range, ResolvedWindow window) {
    return range.fromUs() < window.toUs() && range.toUs() > window.fromUs();
  }

  /** Codings may change in a window, and publishers come back; no media may be missing. */
  private static boolean isWithoutHole(List<RecordedRange> recorded, long fromUs, long toUs) {
    List<RecordedRange> touched =
        recorded.stream().filter(range -> range.fromUs() < toUs && range.toUs() > fromUs).toList();
    return !touched.isEmpty()
        && touched.getFirst().fromUs() <= fromUs
        && touched.getLast().toUs() >= toUs
        && touched.stream().skip(1).allMatch(range -> range.seam() == Seam.CONTINUOUS);
  }

  private static Optional<Found> more(
      LiveStream stream,
      ClipWindow window,
      Crossing crossing,
      List<HeldEpoch> ring,
      List<RecordedRange> recorded) {
    List<HalcyonException> refusals = new ArrayList<>();
    Optional<Found> inRing = attempt(() -> inRing(stream, window, true, crossing, ring), refusals);
    Optional<Found> inRecording =
        attempt(() -> inRecording(window, true, crossing, recorded), refusals);
    boolean isMore =
        inRecording.isPresent()
            && inRing.map(found -> lengthUs(found) < lengthUs(inRecording.get())).orElse(true);
    return isMore ? inRecording : inRing;
  }

  private static long lengthUs(Found found) {
    return found.window().toUs() - found.window().fromUs();
  }

  /**
   * What is recorded and settled: while the ring goes on behind it, tracks of the newest fragment
   * may lack their last packets.
   */
  private List<RecordedRange> recorded(LiveStream stream, List<HeldEpoch> ring) {
    Optional<Recording> recording = recordings.apply(stream.id());
    List<RecordedRange> ranges = recording.map(Recording::ranges).orElse(List.of());
    if (ranges.isEmpty()) {
      return ranges;
    }
    RecordedRange last = ranges.getLast();
    long settledUs = Math.max(last.fromUs(), recording.orElseThrow().settledUs());
    boolean goesOn = !ring.isEmpty() && ring.getLast().toUs() > last.toUs();
    if (!goesOn || settledUs >= last.toUs()) {
      return ranges;
    }
    List<RecordedRange> settled = new ArrayList<>(ranges.subList(0, ranges.size() - 1));
    settled.add(last.until(settledUs));
    return settled;
  }

  private static List<HeldEpoch> epochs(List<RecordedRange> ranges) {
    List<HeldEpoch> epochs = new ArrayList<>();
    for (RecordedRange range : ranges) {
      if (!epochs.isEmpty() && epochs.getLast().epoch() == range.held().epoch()) {
        epochs.add(epochs.removeLast().until(range.toUs()));
      } else {
        epochs.add(range.held());
      }
    }
    return epochs;
  }

  private Found admitted(Found found) {
    if (found.origin() == Origin.RECORDING && lengthUs(found) > longestRecorded.toNanos() / 1_000) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "a clip that is cut from the recording lasts at most %d s (clip.recorded_max_s);"
                  .formatted(longestRecorded.toSeconds())
              + " download that part of the recording instead");
    }
    return found;
  }

  /** The recording's own reason says more where it knows the window. */
  private static HalcyonException refusal(
      List<HalcyonException> refusals, List<RecordedRange> recorded) {
    HalcyonException first = refusals.getFirst();
    if (recorded.isEmpty()) {
      return first;
    }
    HalcyonException last = refusals.getLast();
    if (last.code() != ErrorCode.RANGE_NOT_HELD) {
      return last;
    }
    StringBuilder text = new StringBuilder(first.getMessage()).append("; recorded: ");
    String separator = "";
    // The newest are those that somebody asks for, and a message has an end.
    for (RecordedRange range :
        recorded.subList(Math.max(0, recorded.size() - 8), recorded.size())) {
      text.append(separator).append('[').append(range.fromUs()).append(", ");
      text.append(range.toUs()).append(')');
      separator = ", ";
    }
    return new HalcyonException(first.code(), text.toString());
  }

  /**
   * What a window is read from now that it has closed: a ring may have dropped meanwhile what the
   * recording still has.
   */
  Timeline timeline(LiveStream stream, CutRequest request, Origin origin) {
    Optional<Recording> recording = recordings.apply(stream.id());
    boolean isRecorded =
        origin == Origin.RECORDING
            || (!isHeld(stream, request)
                && recording.map(kept -> isWhole(kept, request)).orElse(false));
    return isRecorded && recording.isPresent()
        ? new SessionTimeline(recording.get())
        : new RingTimeline(stream.ring());
  }

  private static boolean isHeld(LiveStream stream, CutRequest request) {
    return stream.held().stream().anyMatch(epoch -> has(epoch, request));
  }

  private static boolean isWhole(Recording recording, CutRequest request) {
    return recording.settledUs() >= request.toUs()
        && isWithoutHole(recording.ranges(), request.fromUs(), request.toUs());
  }

  /** The end may lie behind what is held: the publisher may have left. */
  private static boolean has(HeldEpoch held, CutRequest request) {
    return request.epochs().contains(held.epoch())
        && held.fromUs() <= request.fromUs()
        && held.toUs() > request.fromUs();
  }
}
