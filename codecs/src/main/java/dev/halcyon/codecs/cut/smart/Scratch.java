package dev.halcyon.codecs.cut.smart;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file without a name that holds what encoders made until its place in the clip is known, so that
 * no length of it fills the memory. One thread; closed by who made it.
 */
final class Scratch implements AutoCloseable {
  private final FileChannel file;
  private long length;

  /**
   * @param path to be used for a moment; must not exist
   */
  Scratch(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  StoredPayload add(ByteBuffer payload) throws IOException {
    StoredPayload stored = new StoredPayload(file, length, payload.remaining());
    while (payload.hasRemaining()) {
      length += file.write(payload, length);
    }
    return stored;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
