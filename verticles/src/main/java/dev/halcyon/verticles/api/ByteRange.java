package dev.halcyon.verticles.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a file that a {@code Range} header asks for (RFC 9110, section 14).
 *
 * @param offset first byte
 * @param length at least 1
 */
record ByteRange(long offset, long length) {
  private static final Pattern ONE = Pattern.compile("bytes\\s*=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /** What a header means for a file. */
  sealed interface Reading {
    /** Send the whole file: no range, several of them, or another unit. */
    record Whole() implements Reading {}

    record Part(ByteRange range) implements Reading {}

    /** 416: no byte of the range is in the file. */
    record Unsatisfiable() implements Reading {}
  }

  static Reading read(Optional<String> header, long sizeBytes) {
    if (header.isEmpty()) {
      return new Reading.Whole();
    }
    Matcher one = ONE.matcher(header.get().strip());
    if (!one.matches() || (one.group(1).isEmpty() && one.group(2).isEmpty())) {
      return new Reading.Whole();
    }
    if (one.group(1).isEmpty()) {
      return suffix(Long.parseLong(one.group(2)), sizeBytes);
    }
    long first = Long.parseLong(one.group(1));
    long last = one.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(one.group(2));
    if (last < first) {
      return new Reading.Whole();
    }
    if (first >= sizeBytes) {
      return new Reading.Unsatisfiable();
    }
    return new Reading.Part(new ByteRange(first, Math.min(last, sizeBytes - 1) - first + 1));
  }

  private static Reading suffix(long wanted, long sizeBytes) {
    long length = Math.min(wanted, sizeBytes);
    return length == 0
        ? new Reading.Unsatisfiable()
        : new Reading.Part(new ByteRange(sizeBytes - length, length));
  }

  /** {@code Content-Range} of a 206. */
  String contentRange(long sizeBytes) {
    return "bytes " + offset + "-" + (offset + length - 1) + "/" + sizeBytes;
  }
}
