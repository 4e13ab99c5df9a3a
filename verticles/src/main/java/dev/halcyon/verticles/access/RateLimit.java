package dev.halcyon.verticles.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.halcyon.core.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * At most so many attempts of a key within any window of a length. The keys held are bounded: when
 * there are too many, those unused for longest are forgotten. Any thread.
 */
public final class RateLimit {
  private static final int MAX_KEYS = 100_000;

  private final int attempts;
  private final long windowNs;
  private final Clock clock;
  private final Cache<String, Deque<Long>> attemptsNs;

  public RateLimit(int attempts, Duration window, Clock clock) {
    this.attempts = attempts;
    this.windowNs = window.toNanos();
    this.clock = clock;
    this.attemptsNs = Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterAccess(window).build();
  }

  /**
   * Counts an attempt.
   *
   * @return empty when it is allowed; else after how many seconds the next one is
   */
  public OptionalLong refuse(String key) {
    Deque<Long> recent = attemptsNs.get(key, ignored -> new ArrayDeque<>(attempts));
    long nowNs = clock.nanoTime();
    synchronized (recent) {
      while (!recent.isEmpty() && nowNs - recent.getFirst() >= windowNs) {
        recent.removeFirst();
      }
      if (recent.size() < attempts) {
        recent.addLast(nowNs);
        return OptionalLong.empty();
      }
      long waitNs = recent.getFirst() + windowNs - nowNs;
      return OptionalLong.of(Math.max(1, Math.ceilDiv(waitNs, 1_000_000_000L)));
    }
  }
}
