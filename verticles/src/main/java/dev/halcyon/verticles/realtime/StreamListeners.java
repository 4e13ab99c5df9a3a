package dev.halcyon.verticles.realtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Who listens to which stream. One event loop. */
final class StreamListeners {
  private final Map<UUID, Set<Listener>> byStream = new HashMap<>();

  /** One connection. */
  interface Listener {
    void tell(String message, Urgency urgency);

    /** The server stops. */
    void dismiss();
  }

  void add(UUID streamId, Listener listener) {
    byStream.computeIfAbsent(streamId, id -> new LinkedHashSet<>()).add(listener);
  }

  void remove(UUID streamId, Listener listener) {
    byStream.computeIfPresent(
        streamId,
        (id, listeners) -> {
          listeners.remove(listener);
          return listeners.isEmpty() ? null : listeners;
        });
  }

  /** Tells all; the message is written only when somebody listens. */
  void tell(UUID streamId, Supplier<String> message, Urgency urgency) {
    Set<Listener> listeners = byStream.get(streamId);
    if (listeners == null) {
      return;
    }
    String text = message.get();
    // A copy: a listener that is dropped while told removes itself.
    List.copyOf(listeners).forEach(listener -> listener.tell(text, urgency));
  }

  void dismissAll() {
    List<Listener> all = new ArrayList<>();
    byStream.values().forEach(all::addAll);
    all.forEach(Listener::dismiss);
  }
}
