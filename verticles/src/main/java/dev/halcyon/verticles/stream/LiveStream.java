package dev.halcyon.verticles.stream;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingStats;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * One stream on this node: its ring, its publisher, its settings. Any thread may read; the
 * publisher's thread alone appends. {@link LiveStreams} opens and closes it.
 */
public final class LiveStream {
  private final UUID workspaceId;
  private final UUID id;
  private final Ring ring;
  private final IngestMeter meter = new IngestMeter();
  private final SessionObserver observer;
  private final AtomicReference<StreamSession> session = new AtomicReference<>();

  private volatile StreamSettings settings;
  private volatile List<Track> tracks = List.of();
  private volatile int epoch = -1;
  private volatile boolean isEpochOpen;
  private volatile boolean isPublisherLost;

  /**
   * @param kept the newest epoch that is kept beyond the ring: the stream goes on behind it, too
   */
  LiveStream(
      UUID workspaceId,
      UUID id,
      StreamSettings settings,
      Ring ring,
      Optional<HeldEpoch> kept,
      SessionObserver observer) {
    this.workspaceId = workspaceId;
    this.id = id;
    this.settings = settings;
    this.ring = ring;
    this.observer = observer;
    epoch = Math.max(ring.lastEpoch(), kept.map(HeldEpoch::epoch).orElse(-1));
    List<HeldEpoch> held = held();
    Stream.concat(held.stream(), kept.stream())
        .max(Comparator.comparingLong(HeldEpoch::toUs))
        .ifPresent(last -> meter.resume(last.toUs(), last.wallUsAt(last.toUs())));
  }

  /** What happens to a stream's publishers. Called on the publisher's thread. */
  interface SessionObserver {
    void onEpoch(LiveStream stream, int epoch, List<Track> tracks);

    /** Before the next publisher can be admitted. */
    void onSessionClosed(LiveStream stream, String reason);

    /** Whether a publisher that left so may be meant to come back. */
    boolean wasLost(LiveStream stream, String reason);

    /** Something about the ingest that the stream's owner should know. */
    void onAlert(LiveStream stream, String code, String message);
  }

  public UUID workspaceId() {
    return workspaceId;
  }

  public UUID id() {
    return id;
  }

  public StreamSettings settings() {
    return settings;
  }

  void settings(StreamSettings next) {
    settings = next;
  }

  public Ring ring() {
    return ring;
  }

  public IngestMeter meter() {
    return meter;
  }

  /** The tracks of the newest epoch. */
  public List<Track> tracks() {
    return tracks;
  }

  /** The newest epoch; −1 before the first. */
  public int epoch() {
    return epoch;
  }

  /** Whether the given epoch may still grow. */
  public boolean isOpen(int asked) {
    return isEpochOpen && asked == epoch;
  }

  /** Whether the last publisher left without a word; one that is back may not have begun yet. */
  public boolean isPublisherLost() {
    return isPublisherLost;
  }

  /** Whether a publisher is connected. */
  public boolean isLive() {
    return session.get() != null;
  }

  /** What the ring holds, oldest first. */
  public List<HeldEpoch> held() {
    return ring.held().stream()
        .map(
            range ->
                new HeldEpoch(
                    range.epoch(),
                    range.fromUs(),
                    range.toUs(),
                    range.anchorStreamUs(),
                    range.anchorWallUs()))
        .toList();
  }

  /** The ring's figures; empty once it is closed. */
  Optional<RingStats> ringStats() {
    try {
      return Optional.of(ring.stats());
    } catch (IllegalStateException closed) {
      return Optional.empty();
    }
  }

  /** How the ring does; empty once it is closed. */
  Optional<StreamHealth.OfRing> ringHealth() {
    try {
      return Optional.of(healthOf(held(), ring.stats()));
    } catch (IllegalStateException closed) {
      return Optional.empty();
    }
  }

  private StreamHealth.OfRing healthOf(List<HeldEpoch> held, RingStats stats) {
    return new StreamHealth.OfRing(
        held.isEmpty() ? 0 : held.getFirst().fromUs(),
        held.isEmpty() ? 0 : held.getLast().toUs(),
        stats.heldBytes(),
        stats.capacityBytes(),
        stats.targetCapacityBytes(),
        stats.isShrunk(),
        stats.heldLeases(),
        stats.revokedLeases(),
        stats.overrunBytes(),
        stats.forceLagNs() < 0
            ? OptionalLong.empty()
            : OptionalLong.of(stats.forceLagNs() / 1_000_000),
        stats.forceFailures(),
        held,
        ring.lost().stream()
            .map(lost -> new StreamHealth.Lost(lost.fromUs(), lost.toUs(), lost.bytes()))
            .toList());
  }

  /** Makes {@code next} the publisher; false when there is one already. */
  boolean claim(StreamSession next) {
    if (!session.compareAndSet(null, next)) {
      return false;
    }
    try {
      next.start(ring.writer());
      return true;
    } catch (IllegalStateException closed) {
      session.set(null);
      throw closed;
    }
  }

  /** Undoes a claim before anything was published. */
  void unclaim(StreamSession refused) {
    refused.stop();
    session.compareAndSet(refused, null);
  }

  /** Tells the stream's owner something about it. */
  public void alert(String code, String message) {
    observer.onAlert(this, code, message);
  }

  Optional<StreamSession> session() {
    return Optional.ofNullable(session.get());
  }

  int nextEpoch() {
    return epoch + 1;
  }

  void onEpoch(int begun, List<Track> live) {
    tracks = List.copyOf(live);
    epoch = begun;
    isEpochOpen = true;
    isPublisherLost = false;
    observer.onEpoch(this, begun, tracks);
  }

  void onTracks(List<Track> live) {
    tracks = List.copyOf(live);
  }

  void onSessionClosed(StreamSession closed, String reason) {
    if (session.get() == closed) {
      isPublisherLost = observer.wasLost(this, reason);
      isEpochOpen = false;
      observer.onSessionClosed(this, reason);
      closed.stop();
      session.set(null);
    }
  }
}
