package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Part;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Segment;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.SegmentKey;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Variant;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one playlist from top to bottom. One thread, once. */
final class HlsParser {
  private static final int MAX_SEGMENTS = 50_000;
  private static final int MAX_VARIANTS = 500;
  private static final long MAX_SEGMENT_US = 600_000_000;
  private static final int MAX_LINE_CHARS = 16 << 10;

  /** Begins at the begin or after a comma only, so that no part of a line is read twice. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?<![^,])\\s*+([A-Z0-9-]++)=(?:\"([^\"]*+)\"|([^\",]*+))\\s*+(?:,|$)");

  /** Zones are written with and without a colon. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter(Locale.ROOT);

  private final URI base;
  private final List<Named> variants = new ArrayList<>();

  /** Groups of sounds that have playlists of their own; others are within the variants. */
  private final Set<String> groupsApart = new HashSet<>();

  private final List<Segment> segments = new ArrayList<>();

  private long targetUs = 6_000_000;
  private long firstSequence;
  private boolean isEnded;

  private Optional<Map<String, String>> variant = Optional.empty();
  private long durationUs = -1;
  private Optional<long[]> range = Optional.empty();
  private long rangeEndByte;
  private Optional<URI> rangeOf = Optional.empty();
  private boolean isDiscontinuity;
  private boolean isGap;
  private OptionalLong madeAtUs = OptionalLong.empty();
  private Optional<SegmentKey> key = Optional.empty();
  private Optional<Part> head = Optional.empty();

  /** A variant with the group of sounds that it names, if any. */
  private record Named(URI uri, long bitrateBps, int heightPx, Optional<String> soundGroup) {}

  private HlsParser(URI base) {
    this.base = base;
  }

  /**
   * @param base what the playlist was got from, after redirects
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA for encryption other than AES-128
   */
  static HlsPlaylist parse(String text, URI base) {
    HlsParser parser = new HlsParser(base);
    if (!text.stripLeading().startsWith("#EXTM3U")) {
      throw corrupt("no #EXTM3U");
    }
    try {
      text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(parser::line);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException malformed) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "the playlist is malformed: " + malformed.getMessage(),
          malformed);
    }
    return parser.result();
  }

  private HlsPlaylist result() {
    if (!variants.isEmpty()) {
      return new HlsPlaylist.Master(
          variants.stream()
              .map(
                  named ->
                      new Variant(
                          named.uri(),
                          named.bitrateBps(),
                          named.heightPx(),
                          named.soundGroup().filter(groupsApart::contains).isPresent()))
              .toList());
    }
    return new HlsPlaylist.Media(targetUs, firstSequence, segments, isEnded);
  }

  private void line(String line) {
    if (line.length() > MAX_LINE_CHARS) {
      throw corrupt("a line of more than " + MAX_LINE_CHARS + " characters");
    }
    if (!line.startsWith("#")) {
      uri(line);
      return;
    }
    int colon = line.indexOf(':');
    String tag = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    switch (tag) {
      case "#EXT-X-STREAM-INF" -> variant = Optional.of(attributes(value));
      case "#EXT-X-MEDIA" -> rendition(attributes(value));
      case "#EXT-X-TARGETDURATION" -> targetUs = boundedUs(value);
      case "#EXT-X-MEDIA-SEQUENCE" -> firstSequence = whole(value);
      case "#EXT-X-ENDLIST" -> isEnded = true;
      case "#EXTINF" -> durationUs = boundedUs(value.split(",", 2)[0]);
      case "#EXT-X-BYTERANGE" -> range = Optional.of(rangeOf(value));
      case "#EXT-X-DISCONTINUITY" -> isDiscontinuity = true;
      case "#EXT-X-GAP" -> isGap = true;
      case "#EXT-X-PROGRAM-DATE-TIME" -> madeAtUs = OptionalLong.of(dateUs(value));
      case "#EXT-X-KEY" -> key = key(attributes(value));
      case "#EXT-X-MAP" -> head = Optional.of(map(attributes(value)));
      default -> {}
    }
  }

  private void uri(String line) {
    URI uri = base.resolve(line);
    if (variant.isPresent()) {
      addVariant(uri, variant.get());
      variant = Optional.empty();
      return;
    }
    if (durationUs < 0) {
      throw corrupt("a segment without its duration");
    }
    if (segments.size() == MAX_SEGMENTS) {
      throw corrupt("more than " + MAX_SEGMENTS + " segments");
    }
    segments.add(
        new Segment(
            Math.addExact(firstSequence, segments.size()),
            partOf(uri),
            durationUs,
            isDiscontinuity,
            isGap,
            madeAtUs,
            key,
            head));
    long lastedUs = durationUs;
    madeAtUs = madeAtUs.isPresent() ? OptionalLong.of(madeAtUs.getAsLong() + lastedUs) : madeAtUs;
    durationUs = -1;
    range = Optional.empty();
    isDiscontinuity = false;
    isGap = false;
  }

  private void addVariant(URI uri, Map<String, String> attributes) {
    if (variants.size() == MAX_VARIANTS) {
      throw corrupt("more than " + MAX_VARIANTS + " variants");
    }
    String[] size = attributes.getOrDefault("RESOLUTION", "0x0").split("x", 2);
    variants.add(
        new Named(
            uri,
            whole(attributes.getOrDefault("BANDWIDTH", "0")),
            size.length == 2 ? (int) Math.min(whole(size[1]), 100_000) : 0,
            Optional.ofNullable(attributes.get("AUDIO"))));
  }

  private void rendition(Map<String, String> attributes) {
    if (attributes.getOrDefault("TYPE", "").equals("AUDIO") && attributes.containsKey("URI")) {
      groupsApart.add(attributes.getOrDefault("GROUP-ID", ""));
    }
  }

  private Part partOf(URI uri) {
    if (range.isEmpty()) {
      return new Part(uri, 0, Part.ALL);
    }
    long length = range.get()[0];
    boolean follows = rangeOf.isPresent() && rangeOf.get().equals(uri);
    long from = range.get()[1] >= 0 ? range.get()[1] : follows ? rangeEndByte : 0;
    rangeEndByte = Math.addExact(from, length);
    rangeOf = Optional.of(uri);
    return new Part(uri, from, length);
  }

  private Part map(Map<String, String> attributes) {
    URI uri = base.resolve(required(attributes, "URI"));
    if (!attributes.containsKey("BYTERANGE")) {
      return new Part(uri, 0, Part.ALL);
    }
    long[] asked = rangeOf(attributes.get("BYTERANGE"));
    return new Part(uri, Math.max(0, asked[1]), asked[0]);
  }

  private Optional<SegmentKey> key(Map<String, String> attributes) {
    String method = required(attributes, "METHOD");
    if (method.equals("NONE")) {
      return Optional.empty();
    }
    boolean isPlain = attributes.getOrDefault("KEYFORMAT", "identity").equals("identity");
    if (!method.equals("AES-128") || !isPlain) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "the stream is encrypted by " + method + ": protected");
    }
    Optional<byte[]> iv =
        Optional.ofNullable(attributes.get("IV"))
            .map(text -> text.replaceFirst("^0[xX]", ""))
            .map(
                text ->
                    HexFormat.of().parseHex("0".repeat(Math.max(0, 32 - text.length())) + text));
    if (iv.isPresent() && iv.get().length != 16) {
      throw corrupt("an IV of other than 16 bytes");
    }
    return Optional.of(new SegmentKey(base.resolve(required(attributes, "URI")), iv));
  }

  private static Map<String, String> attributes(String text) {
    Map<String, String> attributes = new HashMap<>();
    Matcher matcher = ATTRIBUTE.matcher(text);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      attributes.put(matcher.group(1), quoted == null ? matcher.group(3).strip() : quoted);
    }
    return attributes;
  }

  private static String required(Map<String, String> attributes, String name) {
    String value = attributes.get(name);
    if (value == null) {
      throw corrupt("a tag without its " + name);
    }
    return value;
  }

  /** {@code LENGTH[@FROM]}; from −1 when it follows the one before. */
  private static long[] rangeOf(String text) {
    String[] parts = text.split("@", 2);
    long length = whole(parts[0]);
    if (length == 0) {
      throw corrupt("an empty range");
    }
    return new long[] {length, parts.length == 2 ? whole(parts[1]) : -1};
  }

  private static long whole(String text) {
    String digits = text.strip();
    if (!digits.matches("\\d{1,18}")) {
      throw corrupt("no whole number");
    }
    return Long.parseLong(digits);
  }

  private static long boundedUs(String text) {
    String seconds = text.strip();
    if (!seconds.matches("\\d{1,6}(\\.\\d{0,12})?")) {
      throw corrupt("no duration");
    }
    return Math.min(Math.round(Double.parseDouble(seconds) * 1e6), MAX_SEGMENT_US);
  }

  private static long dateUs(String text) {
    Instant at = OffsetDateTime.parse(text.strip(), DATE).toInstant();
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the playlist is malformed: " + what);
  }
}
