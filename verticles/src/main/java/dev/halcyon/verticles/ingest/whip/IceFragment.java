package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads {@code application/trickle-ice-sdpfrag} (RFC 8840, 9) as far as we need it. No state. */
final class IceFragment {
  private static final int MAX_BYTES = 16 << 10;

  private IceFragment() {}

  /**
   * Of which generation of ICE it is.
   *
   * @throws HalcyonException BAD_REQUEST when it is none
   */
  static Optional<IceCredentials> credentials(byte[] fragment) {
    String text = new String(fragment, StandardCharsets.UTF_8);
    if (fragment.length > MAX_BYTES || !text.contains("a=")) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "this is no fragment of a description");
    }
    Optional<String> name = value(text, "a=ice-ufrag:");
    Optional<String> password = value(text, "a=ice-pwd:");
    return name.flatMap(told -> password.map(secret -> new IceCredentials(told, secret)));
  }

  private static Optional<String> value(String text, String prefix) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }
}
