package dev.halcyon.bench;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Which clips were announced as sealed, and when. Any thread. */
final class Announcements {
  private static final long LIMIT_S = 15;

  private final Map<String, Long> readyNs = new ConcurrentHashMap<>();

  /** Takes a stream's message as it comes from a WebSocket. */
  void onMessage(JsonObject message, long atNs) {
    if (message.getString("type").equals("clip.ready")) {
      readyNs.put(message.getJsonObject("data").getString("id"), atNs);
    }
  }

  /** {@code System.nanoTime()} of the announcement's arrival. */
  OptionalLong readyNs(String clip) {
    Long atNs = readyNs.get(clip);
    return atNs == null ? OptionalLong.empty() : OptionalLong.of(atNs);
  }

  /** Waits for all of them, but not for ever. */
  void await(Collection<String> clips) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_S);
    while (!readyNs.keySet().containsAll(clips) && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
