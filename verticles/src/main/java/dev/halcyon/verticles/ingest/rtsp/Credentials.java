package dev.halcyon.verticles.ingest.rtsp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an {@code Authorization} header says (RFC 2617): the user is the stream's id, the password
 * its key.
 */
sealed interface Credentials {
  String REALM = "halcyon";

  /** The key itself. */
  record Basic(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "Basic[user=" + user + "]";
    }
  }

  /** Proof that the sender knows the key. */
  record Digest(
      String user,
      String nonce,
      String uri,
      String response,
      String quality,
      String count,
      String clientNonce)
      implements Credentials {

    /** Whether who knows {@code password} answers so to this nonce. */
    boolean isRight(String method, String password, String givenNonce) {
      String secret = md5(user + ":" + REALM + ":" + password);
      String asked = md5(method + ":" + uri);
      String middle = quality.isEmpty() ? "" : ":" + count + ":" + clientNonce + ":" + quality;
      String right = md5(secret + ":" + givenNonce + middle + ":" + asked);
      return nonce.equals(givenNonce)
          && MessageDigest.isEqual(
              right.getBytes(StandardCharsets.US_ASCII),
              response.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Empty when it is nothing that was offered. */
  static Optional<Credentials> parse(String header) {
    String[] parts = header.strip().split(" ", 2);
    if (parts.length < 2) {
      return Optional.empty();
    }
    return switch (parts[0].toLowerCase(Locale.ROOT)) {
      case "basic" -> basic(parts[1].strip());
      case "digest" -> digest(parts[1]);
      default -> Optional.empty();
    };
  }

  private static Optional<Credentials> basic(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? Optional.empty()
          : Optional.of(new Basic(pair.substring(0, colon), pair.substring(colon + 1)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  private static Optional<Credentials> digest(String text) {
    Map<String, String> fields = Fields.of(text);
    String algorithm = fields.getOrDefault("algorithm", "MD5");
    String quality = fields.getOrDefault("qop", "");
    boolean isKnown =
        algorithm.equalsIgnoreCase("MD5") && (quality.isEmpty() || quality.equals("auth"));
    if (!isKnown || !fields.keySet().containsAll(Fields.NEEDED)) {
      return Optional.empty();
    }
    return Optional.of(
        new Digest(
            fields.get("username"),
            fields.get("nonce"),
            fields.get("uri"),
            fields.get("response"),
            quality,
            fields.getOrDefault("nc", ""),
            fields.getOrDefault("cnonce", "")));
  }

  private static String md5(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has MD5", impossible);
    }
  }

  /** {@code name="value"} or {@code name=value}, with commas between. */
  final class Fields {
    static final Set<String> NEEDED = Set.of("username", "nonce", "uri", "response");

    /** Begins at no letter but a name's first: a long name without a value is read once. */
    private static final Pattern FIELD =
        Pattern.compile("(?<![a-zA-Z])([a-zA-Z]++)=(?:\"([^\"]*+)\"|([^,\\s]*+))");

    private Fields() {}

    static Map<String, String> of(String text) {
      Map<String, String> fields = new HashMap<>();
      Matcher matcher = FIELD.matcher(text);
      while (matcher.find()) {
        String value = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        fields.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
      }
      return fields;
    }
  }
}
