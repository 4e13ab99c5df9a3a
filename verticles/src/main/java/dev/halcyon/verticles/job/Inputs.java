package dev.halcyon.verticles.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of what goes into a step. */
final class Inputs {
  private final MessageDigest digest = sha256();

  /** Adds a part; parts do not run into each other. */
  Inputs with(Object part) {
    byte[] text = String.valueOf(part).getBytes(StandardCharsets.UTF_8);
    digest.update((text.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(text);
    return this;
  }

  /** Lower-case hex. */
  String digest() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a file's content, lower-case hex. */
  static String ofFile(Path file) throws IOException {
    MessageDigest whole = sha256();
    byte[] chunk = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        whole.update(chunk, 0, count);
      }
    }
    return HexFormat.of().formatHex(whole.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java platform has SHA-256", impossible);
    }
  }
}
