package dev.halcyon.verticles.realtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Who listens to which stream or job; their ids are never the same. One event loop. */
final class FactListeners {
  private final Map<UUID, Set<Listener>> bySubject = new HashMap<>();

  /** One connection. */
  interface Listener {
    void tell(String message, Urgency urgency);

    /** The server stops. */
    void dismiss();
  }

  void add(UUID subject, Listener listener) {
    bySubject.computeIfAbsent(subject, id -> new LinkedHashSet<>()).add(listener);
  }

  void remove(UUID subject, Listener listener) {
    bySubject.computeIfPresent(
        subject,
        (id, listeners) -> {
          listeners.remove(listener);
          return listeners.isEmpty() ? null : listeners;
        });
  }

  /** Tells all; the message is written only when somebody listens. */
  void tell(UUID subject, Supplier<String> message, Urgency urgency) {
    Set<Listener> listeners = bySubject.get(subject);
    if (listeners == null) {
      return;
    }
    String text = message.get();
    // A copy: a listener that is dropped while told removes itself.
    List.copyOf(listeners).forEach(listener -> listener.tell(text, urgency));
  }

  void dismissAll() {
    List<Listener> all = new ArrayList<>();
    bySubject.values().forEach(all::addAll);
    all.forEach(Listener::dismiss);
  }
}
