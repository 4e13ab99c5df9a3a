package dev.halcyon.verticles.blob.s3;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * A stretch of a file as the body of a request: opened anew for each try, because the interrupt
 * that ends a try would close a channel for good. One thread; closed by who made it.
 */
final class FileStretch implements ContentStreamProvider, AutoCloseable {
  private static final int CHUNK_BYTES = 64 << 10;

  private final Path file;
  private final long offset;
  private final long length;
  private Bytes latest;

  FileStretch(Path file, long offset, long length) {
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  long length() {
    return length;
  }

  byte[] digest(String algorithm) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every JVM has it [algorithm=" + algorithm + "]", missing);
    }
    byte[] chunk = new byte[CHUNK_BYTES];
    try (InputStream bytes = new Bytes(file, offset, length)) {
      for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return digest.digest();
  }

  /** Ends the stream of an earlier try. */
  @Override
  public InputStream newStream() {
    try {
      close();
      latest = new Bytes(file, offset, length);
      return latest;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    if (latest != null) {
      latest.close();
    }
  }

  private static final class Bytes extends InputStream {
    private final FileInputStream file;
    private long left;

    Bytes(Path path, long offset, long length) throws IOException {
      file = new FileInputStream(path.toFile());
      left = length;
      try {
        file.skipNBytes(offset);
      } catch (IOException failure) {
        file.close();
        throw failure;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int wanted) throws IOException {
      if (left == 0) {
        return wanted == 0 ? 0 : -1;
      }
      int read = file.read(into, at, (int) Math.min(wanted, left));
      if (read < 0) {
        throw new IOException("the file is shorter than it was");
      }
      left -= read;
      return read;
    }

    @Override
    public int available() {
      return (int) Math.min(Integer.MAX_VALUE, left);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
