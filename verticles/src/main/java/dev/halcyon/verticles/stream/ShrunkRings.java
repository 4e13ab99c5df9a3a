package dev.halcyon.verticles.stream;

import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.ring.RingStats;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once of each ring that a full disk made smaller than asked, and lets it grow again when
 * there is room. Any thread.
 */
final class ShrunkRings {
  private static final Logger log = LoggerFactory.getLogger(ShrunkRings.class);

  private final Vertx vertx;
  private final Rings rings;
  private final Set<UUID> told = ConcurrentHashMap.newKeySet();

  ShrunkRings(Vertx vertx, Rings rings) {
    this.vertx = vertx;
    this.rings = rings;
  }

  /** To be called again and again. */
  void look(LiveStream stream, RingStats stats) {
    if (!stats.isShrunk()) {
      told.remove(stream.id());
      return;
    }
    if (told.add(stream.id())) {
      tell(stream, stats);
    }
    if (!stats.isResizing()) {
      growAgain(stream);
    }
  }

  private void tell(LiveStream stream, RingStats stats) {
    log.error(
        "ring shrunk [stream={}, capacityBytes={}, reason={}]",
        stream.id(),
        stats.capacityBytes(),
        stats.shrunkBecause());
    Bus.of(vertx)
        .publish(
            Addresses.STREAM_EVENT,
            new StreamEvent.RingShrunk(
                stream.workspaceId(), stream.id(), Instant.now(), stats.capacityBytes()));
  }

  private void growAgain(LiveStream stream) {
    vertx
        .executeBlocking(
            () -> {
              rings.growAgain(stream.id(), stream.settings().ring(), stream.ring());
              return null;
            },
            false)
        .onFailure(failure -> log.debug("ring stays shrunk [stream={}]", stream.id(), failure));
  }

  void forget(UUID stream) {
    told.remove(stream);
  }

  int count() {
    return told.size();
  }
}
