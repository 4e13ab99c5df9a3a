package dev.halcyon.verticles.access;

import java.time.Duration;

/**
 * How strictly the doors are kept.
 *
 * @param isRegistrationOpen whether strangers may make accounts
 * @param loginsPerMinute attempts an address
 * @param registrationsPerHour attempts an address
 * @param streamsPerWorkspace streams that a workspace may have at once
 * @param passwordIterations rounds of PBKDF2; OWASP asks for 210,000 of HMAC-SHA-512
 * @param accessLifetime how long an access token is valid
 * @param refreshLifetime how long a refresh token can be used
 * @param mediaUrlLifetime the least time that a signed media URL works
 */
public record AccessOptions(
    boolean isRegistrationOpen,
    int loginsPerMinute,
    int registrationsPerHour,
    int streamsPerWorkspace,
    int passwordIterations,
    Duration accessLifetime,
    Duration refreshLifetime,
    Duration mediaUrlLifetime) {
  public static final AccessOptions DEFAULT =
      new AccessOptions(
          true,
          5,
          3,
          100,
          210_000,
          Duration.ofMinutes(15),
          Duration.ofDays(7),
          Duration.ofHours(24));

  public AccessOptions {
    if (loginsPerMinute < 1
        || registrationsPerHour < 1
        || streamsPerWorkspace < 1
        || passwordIterations < 1) {
      throw new IllegalArgumentException(
          "access limits are positive [loginsPerMinute="
              + loginsPerMinute
              + ", registrationsPerHour="
              + registrationsPerHour
              + ", streamsPerWorkspace="
              + streamsPerWorkspace
              + ", passwordIterations="
              + passwordIterations
              + "]");
    }
  }

  /** The same with other rate limits. */
  public AccessOptions withLimits(int newLoginsPerMinute, int newRegistrationsPerHour) {
    return new AccessOptions(
        isRegistrationOpen,
        newLoginsPerMinute,
        newRegistrationsPerHour,
        streamsPerWorkspace,
        passwordIterations,
        accessLifetime,
        refreshLifetime,
        mediaUrlLifetime);
  }

  public AccessOptions withStreamsPerWorkspace(int newStreamsPerWorkspace) {
    return new AccessOptions(
        isRegistrationOpen,
        loginsPerMinute,
        registrationsPerHour,
        newStreamsPerWorkspace,
        passwordIterations,
        accessLifetime,
        refreshLifetime,
        mediaUrlLifetime);
  }

  public AccessOptions withRegistrationClosed() {
    return new AccessOptions(
        false,
        loginsPerMinute,
        registrationsPerHour,
        streamsPerWorkspace,
        passwordIterations,
        accessLifetime,
        refreshLifetime,
        mediaUrlLifetime);
  }
}
