package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.s3.S3Options.Checksum;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What goes with the body of an upload so that the store notices a changed bit; the SDK's way: null
 * for the one that is not used.
 */
record BodyChecksum(String sha256, String md5) {
  /** Slower than this is as good as dead. */
  private static final long LEAST_BYTES_PER_S = 64 << 10;

  private static final long LEAST_LIMIT_S = 30;

  static BodyChecksum of(Checksum kind, FileStretch body) throws IOException {
    return switch (kind) {
      case SHA256 -> new BodyChecksum(base64(body.digest("SHA-256")), null);
      case MD5 -> new BodyChecksum(null, base64(body.digest("MD5")));
    };
  }

  private static String base64(byte[] digest) {
    return Base64.getEncoder().encodeToString(digest);
  }

  static RequestBody body(FileStretch file) {
    return RequestBody.fromContentProvider(file, file.length(), "application/octet-stream");
  }

  /** How long one try of an upload may take. */
  static Duration limit(long bytes) {
    return Duration.ofSeconds(LEAST_LIMIT_S + bytes / LEAST_BYTES_PER_S);
  }
}
