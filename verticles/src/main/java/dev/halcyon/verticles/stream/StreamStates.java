package dev.halcyon.verticles.stream;

import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes streams' states to the store: one stream's in order, the newest again and again until it
 * is there. Any thread.
 */
final class StreamStates {
  private static final Logger log = LoggerFactory.getLogger(StreamStates.class);

  private final StreamStore store;
  private final Map<UUID, Future<Void>> writing = new ConcurrentHashMap<>();
  private final Map<UUID, State> unwritten = new ConcurrentHashMap<>();

  private record State(StreamStatus status, Optional<String> lastError) {}

  StreamStates(StreamStore store) {
    this.store = store;
  }

  void set(UUID stream, StreamStatus status, Optional<String> lastError) {
    State state = new State(status, lastError);
    unwritten.put(stream, state);
    writing.compute(
        stream,
        (id, previous) ->
            previous == null ? write(id, state) : previous.transform(done -> write(id, state)));
  }

  /** Tries again what could not be written. */
  void retry() {
    unwritten.forEach((stream, state) -> set(stream, state.status(), state.lastError()));
  }

  void forget(UUID stream) {
    unwritten.remove(stream);
    writing.remove(stream);
  }

  private Future<Void> write(UUID stream, State state) {
    return store
        .setStatus(stream, state.status(), state.lastError())
        .onSuccess(done -> unwritten.remove(stream, state))
        .onFailure(
            failure ->
                log.warn("stream's state waits [stream={}]: {}", stream, failure.getMessage()));
  }
}
