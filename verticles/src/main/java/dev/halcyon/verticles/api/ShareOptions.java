package dev.halcyon.verticles.api;

import java.time.Duration;

/**
 * What share links may be.
 *
 * @param maxLifetime of a link
 */
public record ShareOptions(Duration maxLifetime) {
  public static final ShareOptions DEFAULT = new ShareOptions(Duration.ofDays(7));

  static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);
  static final int DEFAULT_DOWNLOADS = 3;

  /** Links that one clip may have, be they used up or not. */
  static final int MAX_LINKS = 100;
}
