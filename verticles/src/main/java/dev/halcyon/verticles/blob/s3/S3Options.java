package dev.halcyon.verticles.blob.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How a bucket is reached and used.
 *
 * @param prefix of the names in the bucket; empty, or ends with a slash
 * @param endpoint empty for Amazon's own
 * @param publicEndpoint where clients reach the same bucket, when that is elsewhere
 * @param isPathStyle whether the bucket is named in the path, not in the host
 * @param keys empty for what the machine offers: environment, profile, role
 */
public record S3Options(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<URI> publicEndpoint,
    String region,
    boolean isPathStyle,
    Optional<Keys> keys,
    Encryption encryption,
    Transfer transfer,
    Downloads downloads,
    Keep keep) {

  /** Who we are. Its text does not tell the secret. */
  public record Keys(String id, String secret) {
    @Override
    public String toString() {
      return "Keys[id=" + id + "]";
    }
  }

  /** What the store does with files before it writes them. */
  public sealed interface Encryption {
    /** What the bucket does by itself. */
    record OfBucket() implements Encryption {}

    /** With keys of the store. */
    record Managed() implements Encryption {}

    /**
     * With keys of its key service.
     *
     * @param keyId empty for the account's own
     */
    record Kms(Optional<String> keyId) implements Encryption {}
  }

  /** By what the store finds out that bytes changed on their way. */
  public enum Checksum {
    SHA256,
    /** For stores that know no other. */
    MD5
  }

  /**
   * @param multipartBytes files from this length on go in parts
   * @param partBytes at least 5 MiB, as S3 demands
   * @param uploads files on their way at once
   */
  public record Transfer(Checksum checksum, long multipartBytes, long partBytes, int uploads) {
    /** S3's limit. */
    private static final int MAX_PARTS = 10_000;

    private static final long ROUND_BYTES = 1L << 20;

    /** The length of the parts of a file; the last one may be shorter. */
    public long partBytesOf(long sizeBytes) {
      long least = (sizeBytes + MAX_PARTS - 1) / MAX_PARTS;
      return Math.max(partBytes, (least + ROUND_BYTES - 1) / ROUND_BYTES * ROUND_BYTES);
    }
  }

  /**
   * How clients get files that only the store has.
   *
   * @param isRedirected whether they are sent to the store itself, or get the bytes from here
   * @param linkLifetime of the addresses they are sent to
   */
  public record Downloads(boolean isRedirected, Duration linkLifetime) {}

  /**
   * What stays on this machine although the store has it.
   *
   * @param age since it was made or fetched
   * @param bytes of all together; 0 for no limit
   */
  public record Keep(Duration age, long bytes) {}
}
