package dev.halcyon.verticles.blob.s3;

import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A part of an object, read on where it broke off when a connection is lost. Blocking; one thread;
 * closed by who opened it.
 */
final class S3Stream extends InputStream {
  /** In a row, without a byte between them. */
  private static final int MAX_BREAKS = 3;

  private final S3Bucket bucket;
  private final String name;
  private final long end;
  private long position;
  private ResponseInputStream<GetObjectResponse> open;

  private S3Stream(S3Bucket bucket, String name, long offset, long length) throws IOException {
    this.bucket = bucket;
    this.name = name;
    this.position = offset;
    this.end = offset + length;
    this.open = bucket.open(name, offset, length);
  }

  /**
   * @param length at least 1
   */
  static S3Stream open(S3Bucket bucket, String name, long offset, long length) throws IOException {
    return new S3Stream(bucket, name, offset, length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int wanted) throws IOException {
    if (position == end) {
      return wanted == 0 ? 0 : -1;
    }
    for (int breaks = 0; ; breaks++) {
      try {
        int read = open.read(into, at, (int) Math.min(wanted, end - position));
        if (read < 0) {
          throw new IOException("the store sent less than it has [name=" + name + "]");
        }
        position += read;
        return read;
      } catch (IOException broken) {
        if (breaks == MAX_BREAKS || Thread.currentThread().isInterrupted()) {
          throw broken;
        }
        open.abort();
        open = bucket.open(name, position, end - position);
      }
    }
  }

  /** In the middle it drops the connection rather than read what nobody wants. */
  @Override
  public void close() throws IOException {
    if (position == end) {
      open.close();
    } else {
      open.abort();
    }
  }
}
