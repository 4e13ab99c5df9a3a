package dev.halcyon.verticles.ingest.rtp;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a session description says of one payload type: {@code rtpmap} and {@code fmtp}.
 *
 * @param encoding in upper case
 * @param channels of sound; 1 when not stated
 * @param parameters of {@code fmtp}, names in lower case
 */
public record RtpFormat(
    int payloadType, String encoding, int clockHz, int channels, Map<String, String> parameters) {
  private static final int MAX_FORMATS = 64;
  private static final int MAX_CLOCK_HZ = 1_000_000;

  public RtpFormat {
    parameters = Map.copyOf(parameters);
  }

  /** The formats of one medium that say what they are, in its order. */
  public static List<RtpFormat> of(Sdp.Media media) {
    List<RtpFormat> formats = new ArrayList<>();
    for (String name : media.formats().subList(0, Math.min(MAX_FORMATS, media.formats().size()))) {
      int payloadType = whole(name, 0, 127);
      if (payloadType >= 0) {
        map(media, payloadType).ifPresent(formats::add);
      }
    }
    return formats;
  }

  private static Optional<RtpFormat> map(Sdp.Media media, int payloadType) {
    String[] parts =
        valueFor(media, "rtpmap", payloadType).orElse(fixed(payloadType)).split("/", -1);
    int clockHz = parts.length < 2 ? -1 : whole(parts[1].strip(), 1, MAX_CLOCK_HZ);
    if (clockHz < 0) {
      return Optional.empty();
    }
    int channels = parts.length < 3 ? 1 : whole(parts[2].strip(), 1, 64);
    return Optional.of(
        new RtpFormat(
            payloadType,
            parts[0].strip().toUpperCase(Locale.ROOT),
            clockHz,
            Math.max(1, channels),
            parameters(valueFor(media, "fmtp", payloadType).orElse(""))));
  }

  /** RFC 3551, tables 4 and 5: what needs no {@code rtpmap}. */
  private static String fixed(int payloadType) {
    return switch (payloadType) {
      case 0 -> "PCMU/8000";
      case 8 -> "PCMA/8000";
      case 9 -> "G722/8000";
      case 10 -> "L16/44100/2";
      case 11 -> "L16/44100/1";
      case 14 -> "MPA/90000";
      case 26 -> "JPEG/90000";
      case 32 -> "MPV/90000";
      case 33 -> "MP2T/90000";
      default -> "";
    };
  }

  /** The rest of the attribute that begins with this payload type. */
  private static Optional<String> valueFor(Sdp.Media media, String attribute, int payloadType) {
    for (String value : media.attributesOf(attribute)) {
      int space = value.indexOf(' ');
      if (space > 0 && whole(value.substring(0, space), 0, 127) == payloadType) {
        return Optional.of(value.substring(space + 1).strip());
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> parameters(String value) {
    Map<String, String> parameters = new HashMap<>();
    for (String parameter : value.split(";", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            parameter.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            parameter.substring(equals + 1).strip());
      }
    }
    return parameters;
  }

  /** A parameter's number; {@code otherwise} when it is absent or out of range. */
  int number(String name, int max, int otherwise) {
    int value = whole(parameters.getOrDefault(name, ""), 0, max);
    return value < 0 ? otherwise : value;
  }

  /** The comma-separated Base64 strings of these parameters; those that are none are left out. */
  List<byte[]> base64(String... names) {
    List<byte[]> decoded = new ArrayList<>();
    for (String name : names) {
      for (String part : parameters.getOrDefault(name, "").split(",", -1)) {
        decode(part.strip()).ifPresent(decoded::add);
      }
    }
    return decoded;
  }

  /** What some camera garbles is learnt in band. */
  private static Optional<byte[]> decode(String base64) {
    try {
      return base64.isEmpty() ? Optional.empty() : Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** A parameter in hexadecimal digits; empty when it is absent or malformed. */
  Optional<byte[]> hex(String name) {
    String digits = parameters.getOrDefault(name, "");
    try {
      return digits.isEmpty() ? Optional.empty() : Optional.of(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** −1 when the text is no whole number of this range. */
  static int whole(String text, int min, int max) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value < min || value > max ? -1 : value;
  }
}
