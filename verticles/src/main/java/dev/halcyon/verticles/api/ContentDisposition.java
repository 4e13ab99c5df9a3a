package dev.halcyon.verticles.api;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.regex.Pattern;

/**
 * {@code Content-Disposition} with a file name that any system can keep (RFC 6266; the UTF-8 form
 * is RFC 8187's).
 */
final class ContentDisposition {
  private static final int MAX_NAME_CHARS = 100;
  private static final String NAMELESS = "clip";

  /** What a path, a shell or Windows would take for something else. */
  private static final Pattern UNSAFE = Pattern.compile("[/\\\\:*?\"<>|%]+");

  /** Control characters, and those that turn the direction of text: {@code exe.4pm} reads well. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Cs}\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]+");

  private static final Pattern RESERVED =
      Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?");

  private static final Pattern NO_ASCII = Pattern.compile("[^A-Za-z0-9 ._()!,+=@#&-]+");

  /** {@code attr-char} of RFC 8187. */
  private static final String UNESCAPED = "!#$&+-.^_`|~";

  private ContentDisposition() {}

  static String attachment(String title, String extension) {
    return "attachment; " + fileName(title, extension);
  }

  static String inline(String title, String extension) {
    return "inline; " + fileName(title, extension);
  }

  /** Both forms: ASCII for old clients, UTF-8 for all others. */
  private static String fileName(String title, String extension) {
    String name = safe(title) + "." + extension;
    return "filename=\"" + ascii(name, extension) + "\"; filename*=UTF-8''" + encoded(name);
  }

  /** A title as a file's name, without its ending. */
  static String safe(String title) {
    String text = Normalizer.normalize(title, Normalizer.Form.NFC);
    text = INVISIBLE.matcher(text).replaceAll(" ");
    text = UNSAFE.matcher(text).replaceAll("_");
    text = text.strip().replaceFirst("^[.\\s]+", "");
    if (text.length() > MAX_NAME_CHARS) {
      boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_NAME_CHARS - 1));
      text = text.substring(0, splitsPair ? MAX_NAME_CHARS - 1 : MAX_NAME_CHARS);
    }
    text = text.replaceFirst("[.\\s]+$", "");
    if (RESERVED.matcher(text).matches()) {
      text = "_" + text;
    }
    return text.isEmpty() ? NAMELESS : text;
  }

  private static String ascii(String name, String extension) {
    String plain = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("\\p{M}+", "");
    plain = NO_ASCII.matcher(plain).replaceAll("_");
    return plain.matches("[_. ]*\\." + extension) ? NAMELESS + "." + extension : plain;
  }

  private static String encoded(String name) {
    StringBuilder text = new StringBuilder();
    for (byte one : name.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain =
          (one >= '0' && one <= '9')
              || (one >= 'A' && one <= 'Z')
              || (one >= 'a' && one <= 'z')
              || UNESCAPED.indexOf(one) >= 0;
      if (isPlain) {
        text.append((char) one);
      } else {
        text.append('%').append(String.format("%02X", one & 0xff));
      }
    }
    return text.toString();
  }
}
