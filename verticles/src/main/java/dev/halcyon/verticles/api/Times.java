package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Wall clock in JSON: RFC 3339, UTC, always six decimals. */
public final class Times {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** RFC 3339 has years of four digits; sums with these do not overflow. */
  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Times() {}

  public static String text(Instant instant) {
    return MICROS.format(instant);
  }

  /**
   * @param wallUs microseconds since the Unix epoch
   */
  static String ofWallUs(long wallUs) {
    return text(Instant.EPOCH.plus(wallUs, ChronoUnit.MICROS));
  }

  /**
   * Microseconds since the Unix epoch.
   *
   * @throws HalcyonException BAD_REQUEST naming {@code field}
   */
  static long wallUs(String field, String text) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant(field, text));
  }

  /**
   * @throws HalcyonException BAD_REQUEST naming {@code field}
   */
  static Instant instant(String field, String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
        throw new DateTimeException("out of range");
      }
      return instant;
    } catch (DateTimeException malformed) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          field + ": not a time as in 2026-11-20T12:00:00Z (RFC 3339)",
          malformed);
    }
  }
}
