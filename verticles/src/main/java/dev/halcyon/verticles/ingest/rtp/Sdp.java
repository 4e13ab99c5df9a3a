package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A session description (RFC 8866), as far as media are concerned. What is not understood is passed
 * over, as the standard wants. Immutable.
 */
public record Sdp(List<Attribute> attributes, List<Media> media) {
  private static final int MAX_BYTES = 64 << 10;
  private static final int MAX_LINES = 2_000;
  private static final int MAX_MEDIA = 32;

  /** {@code a=name} or {@code a=name:value}; names in lower case. */
  public record Attribute(String name, String value) {}

  /**
   * One {@code m=} section.
   *
   * @param kind {@code video}, {@code audio}, …
   * @param formats payload types, for RTP
   */
  public record Media(
      String kind, int port, String protocol, List<String> formats, List<Attribute> attributes) {
    public Media {
      formats = List.copyOf(formats);
      attributes = List.copyOf(attributes);
    }

    /** The first attribute of this name. */
    public Optional<String> attribute(String name) {
      return Sdp.first(attributes, name);
    }

    /** All attributes of this name, in order. */
    public List<String> attributesOf(String name) {
      return attributes.stream()
          .filter(attribute -> attribute.name().equals(name))
          .map(Attribute::value)
          .toList();
    }
  }

  public Sdp {
    attributes = List.copyOf(attributes);
    media = List.copyOf(media);
  }

  /** The first attribute of the session of this name. */
  public Optional<String> attribute(String name) {
    return first(attributes, name);
  }

  private static Optional<String> first(List<Attribute> attributes, String name) {
    return attributes.stream()
        .filter(attribute -> attribute.name().equals(name))
        .map(Attribute::value)
        .findFirst();
  }

  /**
   * @throws HalcyonException BAD_REQUEST
   */
  public static Sdp parse(byte[] text) {
    require(text.length <= MAX_BYTES, "too long");
    return new Reader().read(new String(text, StandardCharsets.UTF_8));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "session description: " + otherwise);
    }
  }

  /** Collects sections line by line. */
  private static final class Reader {
    private final List<Attribute> session = new ArrayList<>();
    private final List<Media> media = new ArrayList<>();
    private List<Attribute> attributes = session;
    private String[] section;
    private boolean hasVersion;

    Sdp read(String text) {
      int lines = 0;
      for (int start = 0; start < text.length(); ) {
        int end = text.indexOf('\n', start);
        end = end < 0 ? text.length() : end;
        require(++lines <= MAX_LINES, "too many lines");
        onLine(text.substring(start, end).strip());
        start = end + 1;
      }
      require(hasVersion, "it does not begin with v=0");
      endSection();
      return new Sdp(session, media);
    }

    private void onLine(String line) {
      if (line.length() < 2 || line.charAt(1) != '=') {
        return;
      }
      String value = line.substring(2).strip();
      switch (line.charAt(0)) {
        case 'v' -> hasVersion = true;
        case 'm' -> beginSection(value);
        case 'a' -> attributes.add(attribute(value));
        default -> {}
      }
    }

    private void beginSection(String value) {
      endSection();
      section = value.split("\\s+");
      require(section.length >= 4, "a medium without its formats");
      require(media.size() < MAX_MEDIA, "too many media");
      attributes = new ArrayList<>();
    }

    private void endSection() {
      if (section != null) {
        List<String> formats = List.of(section).subList(3, section.length);
        media.add(new Media(section[0], port(section[1]), section[2], formats, attributes));
      }
    }

    /** {@code 5000} or {@code 5000/2}. */
    private static int port(String value) {
      int slash = value.indexOf('/');
      int port = RtpFormat.whole(slash < 0 ? value : value.substring(0, slash), 0, 65_535);
      require(port >= 0, "a medium without a port");
      return port;
    }

    private static Attribute attribute(String value) {
      int colon = value.indexOf(':');
      String name = colon < 0 ? value : value.substring(0, colon);
      return new Attribute(
          name.toLowerCase(Locale.ROOT), colon < 0 ? "" : value.substring(colon + 1).strip());
    }
  }
}
