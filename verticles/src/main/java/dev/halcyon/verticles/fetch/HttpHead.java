package dev.halcyon.verticles.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer (RFC 9112). Immutable.
 *
 * @param fields by name in lower case; several of one name joined by commas
 */
record HttpHead(int status, Map<String, String> fields) {
  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
  private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)");
  private static final int MAX_FIELDS = 200;
  private static final int MAX_INTERIM = 10;

  HttpHead {
    fields = Map.copyOf(fields);
  }

  /**
   * Reads up to the body, past what servers say in between (1xx).
   *
   * @throws IOException also when it is no answer, or too long a one
   */
  static HttpHead read(InputStream in, HttpLimits limits) throws IOException {
    LineBudget budget = new LineBudget(limits.headBytes(), limits.silence().multipliedBy(2));
    for (int n = 0; n < MAX_INTERIM; n++) {
      HttpHead head = readOne(in, budget);
      if (head.status() >= 200) {
        return head;
      }
    }
    throw new IOException("an answer without end");
  }

  private static HttpHead readOne(InputStream in, LineBudget budget) throws IOException {
    Matcher status = STATUS_LINE.matcher(budget.line(in));
    if (!status.matches()) {
      throw new IOException("what answers does not speak HTTP");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line = budget.line(in); !line.isEmpty(); line = budget.line(in)) {
      Matcher field = FIELD.matcher(line);
      if (!field.matches() || fields.size() >= MAX_FIELDS) {
        throw new IOException("a malformed head");
      }
      fields.merge(
          field.group(1).toLowerCase(Locale.ROOT),
          field.group(2).strip(),
          (before, more) -> before + ", " + more);
    }
    return new HttpHead(Integer.parseInt(status.group(1)), fields);
  }

  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /**
   * How long the body is; empty when it tells its end itself.
   *
   * @throws IOException when it is no length, or two that differ
   */
  OptionalLong contentLength() throws IOException {
    Optional<String> text = field("content-length");
    if (text.isEmpty() || isChunked()) {
      return OptionalLong.empty();
    }
    String[] said = text.get().split(",", -1);
    String first = said[0].strip();
    for (String other : said) {
      if (!other.strip().equals(first)) {
        throw new IOException("two lengths");
      }
    }
    if (!first.matches("\\d{1,18}")) {
      throw new IOException("no length");
    }
    return OptionalLong.of(Long.parseLong(first));
  }

  boolean isChunked() {
    return field("transfer-encoding").isPresent();
  }

  /** Of several bytes, as {@code Content-Range} tells; empty when it does not. */
  OptionalLong rangeTotalBytes() {
    return rangePart("bytes \\d{1,18}-\\d{1,18}/(\\d{1,18})");
  }

  OptionalLong rangeFromByte() {
    return rangePart("bytes (\\d{1,18})-\\d{1,18}/.*");
  }

  private OptionalLong rangePart(String pattern) {
    Matcher range = Pattern.compile(pattern).matcher(field("content-range").orElse(""));
    return range.matches() ? OptionalLong.of(Long.parseLong(range.group(1))) : OptionalLong.empty();
  }

  /** What is sure to differ when the content does. */
  Optional<String> strongTag() {
    return field("etag").filter(tag -> tag.startsWith("\"") && tag.length() <= 200);
  }
}
