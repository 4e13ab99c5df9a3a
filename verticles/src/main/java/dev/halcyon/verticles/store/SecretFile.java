package dev.halcyon.verticles.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A random secret kept in a file that only its owner may read. Blocking. */
public final class SecretFile {
  private SecretFile() {}

  /**
   * The secret of a file, made on first use.
   *
   * @param lengthBytes random bytes of a new secret; its text is twice as long, hexadecimal
   */
  public static String readOrCreate(Path file, int lengthBytes) throws IOException {
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[lengthBytes];
    new SecureRandom().nextBytes(random);
    String secret = HexFormat.of().formatHex(random);
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    Files.createFile(
        unfinished,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(unfinished, secret);
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return secret;
  }
}
