package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.GrowingFile;
import dev.halcyon.codecs.cut.GrowingSegments;
import dev.halcyon.codecs.cut.GrowingWindow;
import dev.halcyon.codecs.cut.RingCutter;
import dev.halcyon.codecs.cut.Timeline;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.detect.HighlightDetector;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.Lease;
import dev.halcyon.verticles.stream.LiveStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A clip from its request until its file is in the database. The closer's thread watches its
 * window; any thread may extend it, look at it, or read it while it grows.
 */
final class OpenClip implements GrowingWindow {
  private static final Logger log = LoggerFactory.getLogger(OpenClip.class);

  /** How long its media is held for the cutting, once the window has closed. */
  private static final long GRACE_S = 60;

  /** A look reads the stamps of a second or two. */
  private static final long PLAY_LOOK_EVERY_NS = 20_000_000;

  private final LiveStream stream;
  private final ClipSources sources;
  private final ClipSources.Origin origin;
  private final ClipSpan span;
  private final Trigger trigger;
  private final CloseWatch closeWatch;

  private Clip clip;
  private boolean hasClosed;

  /** Of its window, from 1. */
  private int part = 1;

  private boolean isDeleted;
  private boolean isAbandoned;
  private Optional<Lease> lease = Optional.empty();

  /** The closer's own. */
  private boolean isPlayLookDone;

  private long nextPlayLookNs;
  private long beganNs;

  /**
   * Why and when a clip was asked for.
   *
   * @param arrivalUs wall clock at which the media that caused the clip arrived; 0 when none did
   * @param requestedNs when the clip was asked for, on the clock's {@code nanoTime}
   */
  record Trigger(long arrivalUs, long requestedNs) {}

  OpenClip(
      Clip clip,
      LiveStream stream,
      ClipSources sources,
      ClipSources.Origin origin,
      ClipSpan span,
      Trigger trigger) {
    this.clip = clip;
    this.stream = stream;
    this.sources = sources;
    this.origin = origin;
    this.span = span;
    this.trigger = trigger;
    this.closeWatch = new CloseWatch(stream, span.window().epochs(), span.reconnectWaitUs());
    this.nextPlayLookNs = trigger.requestedNs();
    this.isPlayLookDone = clip.status() == ClipStatus.PLAYABLE || isRecorded();
  }

  /** Whether it is cut from the recording: all of it is there already, and none of it is live. */
  boolean isRecorded() {
    return origin == ClipSources.Origin.RECORDING;
  }

  /** What it is cut from, once its window has closed. */
  Timeline timeline() {
    return sources.timeline(stream, cutRequest(), origin);
  }

  LiveStream stream() {
    return stream;
  }

  Trigger trigger() {
    return trigger;
  }

  /** As it is now: open, playable, sealed or failed. */
  synchronized Clip clip() {
    return clip;
  }

  /** Its next state, which it has from now on. */
  synchronized Clip become(Clip next) {
    clip = next;
    return next;
  }

  synchronized Clip becomePlayable() {
    return become(clip.to(ClipStatus.PLAYABLE));
  }

  /**
   * Moves the end of the window; nothing happens when it has closed already.
   *
   * @param toUs stream time, exclusive; an earlier end is ignored
   */
  synchronized void extend(long toUs, double score, ClipReason reason) {
    if (hasClosed) {
      return;
    }
    boolean isTitledByReason = clip.title().equals(ClipTitles.of(clip.reason()));
    clip =
        clip.extended(
            Math.max(clip.endUs(), toUs),
            Math.max(clip.score(), score),
            reason,
            isTitledByReason ? ClipTitles.of(reason) : clip.title());
  }

  /** What to cut, as it is now. */
  synchronized CutRequest cutRequest() {
    return span.cutRequest(clip.endUs());
  }

  /**
   * The rest of its window as a clip of its own, beginning in an epoch that this one's file does
   * not go on to.
   *
   * @param deliveredEndUs where this one's file ends
   */
  synchronized OpenClip rest(int epoch, long deliveredEndUs, long nowNs) {
    long fromUs =
        stream.held().stream()
            .filter(held -> held.epoch() == epoch)
            .mapToLong(HeldEpoch::fromUs)
            .findFirst()
            .orElse(deliveredEndUs);
    ClipSpan rest = span.rest(epoch, fromUs, clip.endUs());
    Clip continued =
        clip.continued(
            UUID.randomUUID(),
            ClipTitles.ofPart(clip.title(), part + 1),
            rest.window().fromUs(),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    OpenClip next =
        new OpenClip(
            continued, stream, sources, origin, rest, new Trigger(trigger.arrivalUs(), nowNs));
    next.hasClosed = true;
    next.part = part + 1;
    return next;
  }

  @Override
  public synchronized long toUs() {
    return clip.endUs();
  }

  @Override
  public synchronized boolean hasClosed() {
    return hasClosed;
  }

  /**
   * Looks whether the window closes; once it has, the clip cannot be extended. Closer only.
   *
   * @param nowWallUs microseconds since the Unix epoch
   */
  synchronized boolean close(long nowWallUs) {
    hasClosed = hasClosed || closeWatch.hasClosed(clip.endUs(), nowWallUs);
    return hasClosed;
  }

  /**
   * Looks whether the clip became playable. The closer's thread; looks seldom while it has not.
   *
   * @param nowNs on the clock's {@code nanoTime}
   */
  boolean becomesPlayable(long nowNs) {
    boolean isDue = nowNs - nextPlayLookNs >= 0 || hasClosed();
    if (isPlayLookDone || !isDue || !hasBegun()) {
      return false;
    }
    if (beganNs == 0) {
      beganNs = nowNs;
      hold();
    }
    nextPlayLookNs = nowNs + PLAY_LOOK_EVERY_NS;
    try {
      isPlayLookDone = GrowingFile.isPlayable(stream.ring(), cutRequest(), hasClosed());
      return isPlayLookDone;
    } catch (RuntimeException | Error cannot) {
      // So will the cut say, with the reason; a bad block of the disk comes as an InternalError.
      isPlayLookDone = true;
      return false;
    }
  }

  /** When its window had begun, or it was asked for, whichever is later. Closer only. */
  long beganNs() {
    return Math.max(beganNs, trigger.requestedNs());
  }

  /** Whether media of the window may be there. */
  boolean hasBegun() {
    return stream.meter().endUs() > span.window().fromUs();
  }

  /** How far ahead of what has arrived the window begins; 0 when it has begun. */
  long untilBeginMs() {
    return Math.max(0, (span.window().fromUs() - stream.meter().endUs()) / 1_000);
  }

  /** The clip for one more reader; empty while its first picture is not there. */
  Optional<GrowingFile> openFile() {
    if (isRecorded()) {
      return Optional.empty();
    }
    return GrowingFile.open(stream.ring(), cutRequest(), this, longestUs());
  }

  /** The clip in segments; empty while its first picture is not there. */
  Optional<GrowingSegments> openSegments() {
    return hasBegun() ? GrowingSegments.open(stream.ring(), cutRequest(), this) : Optional.empty();
  }

  /** Whether there is, or was until just now, more to come of it. */
  boolean isGrowing() {
    return !isRecorded() && !isDeleted();
  }

  /** How long it is, or may become. */
  synchronized long longestUs() {
    long lengthUs = clip.endUs() - span.window().fromUs();
    boolean mayBeExtended = clip.reason().kind() == ClipReason.Kind.HIGHLIGHT && !hasClosed;
    return mayBeExtended ? lengthUs + HighlightDetector.MAX_SPAN_US : lengthUs;
  }

  /**
   * Has the ring keep the window, as far as its slack allows, until {@link #release}. What cannot
   * be kept is found missing by the cut.
   */
  private void hold() {
    long lengthS = stream.settings().ring().capacityS() + GRACE_S;
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(lengthS);
    try {
      Lease held = RingCutter.lease(stream.ring(), cutRequest(), deadlineNs);
      synchronized (this) {
        lease = Optional.of(held);
      }
    } catch (HalcyonException | IllegalStateException gone) {
      log.debug("not held [clip={}]", clip().id(), gone);
    }
  }

  /** Whether the ring gave up keeping the window. */
  synchronized boolean wasRevoked() {
    return lease.map(held -> held.state() == Lease.State.REVOKED).orElse(false);
  }

  synchronized void release() {
    lease.ifPresent(Lease::close);
  }

  /** It is gone for good: nothing is made of it any more. */
  synchronized void abandon() {
    isDeleted = true;
    isAbandoned = true;
  }

  synchronized boolean isAbandoned() {
    return isAbandoned;
  }

  /** Nobody finds it any more, but it is made all the same: it may be taken back. */
  synchronized void delete() {
    isDeleted = true;
  }

  /** People took it back. */
  synchronized void restore() {
    isDeleted = false;
  }

  synchronized boolean isDeleted() {
    return isDeleted;
  }

  /**
   * @throws HalcyonException CLIP_NOT_FOUND once it was deleted
   */
  void requireKept() {
    if (isDeleted()) {
      throw new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "the clip was deleted");
    }
  }
}
