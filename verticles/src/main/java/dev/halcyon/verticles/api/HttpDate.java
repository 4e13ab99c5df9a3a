package dev.halcyon.verticles.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times in HTTP headers: the one form that may be sent (RFC 9110, section 5.6.7). */
final class HttpDate {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private HttpDate() {}

  static String text(Instant instant) {
    return FORM.format(instant);
  }

  /** Empty for no header and for one that is no date: such conditions are ignored. */
  static Optional<Instant> parse(String header) {
    if (header == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(FORM.parse(header.strip(), Instant::from));
    } catch (DateTimeException noDate) {
      return Optional.empty();
    }
  }
}
