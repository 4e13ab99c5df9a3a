package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tries a server that wants to be left alone (403, 429, 503) again, later and through the next
 * proxy; at most three times. Any thread.
 */
final class TryAgain {
  static final int MAX_TRIES = 3;
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final List<HttpProxy> proxies;
  private final Duration backOff;
  private final AtomicInteger turn = new AtomicInteger();

  /** Something that may be refused for now. */
  interface Attempt<T> {
    T run(Optional<HttpProxy> proxy);
  }

  /** Refused for now. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient Optional<Duration> wait;

    Refused(int status, Optional<Duration> wait) {
      super("refused with " + status);
      this.status = status;
      this.wait = wait;
    }
  }

  TryAgain(List<HttpProxy> proxies, Duration backOff) {
    this.proxies = proxies;
    this.backOff = backOff;
  }

  static boolean isRefusal(int status) {
    return status == 403 || status == 429 || status == 503;
  }

  /** {@code Retry-After} in seconds; its form as a date is not heeded. */
  static Optional<Duration> retryAfter(HttpReply reply) {
    return reply
        .field("retry-after")
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  /**
   * @throws HalcyonException what the attempt throws; FORBIDDEN, RATE_LIMITED, OVERLOADED when each
   *     try was refused, or when the server wants more time than is waited
   */
  <T> T run(Attempt<T> attempt, Cancellation cancellation) {
    for (int tries = 1; ; tries++) {
      try {
        return attempt.run(nextProxy());
      } catch (Refused refused) {
        Duration wait = refused.wait.orElse(backOff.multipliedBy(1L << (tries - 1)));
        if (tries == MAX_TRIES || wait.compareTo(LONGEST_WAIT) > 0) {
          throw given(refused, tries);
        }
        cancellation.await(wait);
      }
    }
  }

  private Optional<HttpProxy> nextProxy() {
    return proxies.isEmpty()
        ? Optional.empty()
        : Optional.of(proxies.get(Math.floorMod(turn.getAndIncrement(), proxies.size())));
  }

  private static HalcyonException given(Refused refused, int tries) {
    ErrorCode code =
        switch (refused.status) {
          case 429 -> ErrorCode.RATE_LIMITED;
          case 503 -> ErrorCode.OVERLOADED;
          default -> ErrorCode.SOURCE_REFUSED;
        };
    return new HalcyonException(
        code, "the server answered " + refused.status + ", " + tries + " times", refused);
  }
}
