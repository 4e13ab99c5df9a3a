package dev.halcyon.verticles.access;

import java.time.Duration;

/**
 * How strictly the doors are kept.
 *
 * @param loginsPerMinute attempts an address
 * @param registrationsPerHour attempts an address
 * @param passwordIterations rounds of PBKDF2; OWASP asks for 210,000 of HMAC-SHA-512
 * @param accessLifetime how long an access token is valid
 * @param refreshLifetime how long a refresh token can be used
 * @param mediaUrlLifetime the least time that a signed media URL works
 */
public record AccessOptions(
    int loginsPerMinute,
    int registrationsPerHour,
    int passwordIterations,
    Duration accessLifetime,
    Duration refreshLifetime,
    Duration mediaUrlLifetime) {
  public static final AccessOptions DEFAULT =
      new AccessOptions(
          5, 3, 210_000, Duration.ofMinutes(15), Duration.ofDays(7), Duration.ofHours(24));

  public AccessOptions {
    if (loginsPerMinute < 1 || registrationsPerHour < 1 || passwordIterations < 1) {
      throw new IllegalArgumentException(
          "access limits are positive [loginsPerMinute="
              + loginsPerMinute
              + ", registrationsPerHour="
              + registrationsPerHour
              + ", passwordIterations="
              + passwordIterations
              + "]");
    }
  }

  /** The same with other rate limits. */
  public AccessOptions withLimits(int newLoginsPerMinute, int newRegistrationsPerHour) {
    return new AccessOptions(
        newLoginsPerMinute,
        newRegistrationsPerHour,
        passwordIterations,
        accessLifetime,
        refreshLifetime,
        mediaUrlLifetime);
  }
}
