package dev.halcyon.verticles.api;

import dev.halcyon.verticles.blob.RemoteBlob;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where the bytes of an answer are. */
sealed interface FileBody {
  /** On this machine. */
  record OnDisk(Path file) implements FileBody {}

  /** In a store on another one. */
  record Elsewhere(RemoteBlob blob) implements FileBody {}

  /**
   * Opens it at an offset; closed by the caller. Blocking.
   *
   * @param length of the part that will be read, at least 1
   */
  default InputStream open(long offset, long length) throws IOException {
    return switch (this) {
      case OnDisk(Path file) -> {
        FileInputStream open = new FileInputStream(file.toFile());
        try {
          open.skipNBytes(offset);
        } catch (IOException failure) {
          open.close();
          throw failure;
        }
        yield open;
      }
      case Elsewhere(RemoteBlob blob) -> blob.open(offset, length);
    };
  }
}
