package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.StoredBlob;
import dev.halcyon.verticles.blob.s3.S3Options.Encryption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Whole objects of one bucket under the names that this program gives them. Every method but {@link
 * #link} blocks on the network; on virtual threads an interrupt ends it. Any thread.
 */
final class S3Bucket implements AutoCloseable {
  static final String SHA256 = "halcyon-sha256";
  static final String MODIFIED = "halcyon-modified";

  /** What one request copies (S3's limit is 5 GiB). */
  static final long MOST_COPIED_BYTES = 5L << 30;

  /** Of a request without a file as its body. */
  private static final Duration SMALL_LIMIT = Duration.ofSeconds(30);

  private final S3Client client;
  private final S3Presigner presigner;
  private final S3Options options;

  S3Bucket(S3Options options) {
    this.options = options;
    this.client = S3Clients.client(options);
    this.presigner = S3Clients.presigner(options);
  }

  /**
   * What is known of an object.
   *
   * @param modified when its file was made
   * @param sha256 empty when no Halcyon put it there
   */
  record Head(long sizeBytes, Instant modified, Optional<String> sha256) {}

  S3Client client() {
    return client;
  }

  String bucket() {
    return options.bucket();
  }

  /** The name in the bucket. */
  String object(String name) {
    return options.prefix() + name;
  }

  /** The name without what is before all of them. */
  String name(String object) {
    return object.substring(options.prefix().length());
  }

  /** Asks for something harmless that fails for whatever is wrong with the store as a whole. */
  void check() throws IOException {
    S3Faults.ask(
        bucket(),
        () ->
            client.listObjectsV2(
                list ->
                    list.bucket(bucket())
                        .prefix(options.prefix())
                        .maxKeys(1)
                        .overrideConfiguration(o -> o.apiCallTimeout(SMALL_LIMIT))));
  }

  Optional<Head> head(String name) throws IOException {
    try {
      HeadObjectResponse head =
          S3Faults.ask(
              name,
              () ->
                  client.headObject(
                      h ->
                          h.bucket(bucket())
                              .key(object(name))
                              .overrideConfiguration(o -> o.apiCallTimeout(SMALL_LIMIT))));
      return Optional.of(
          new Head(
              head.contentLength(),
              modified(head.metadata(), head.lastModified()),
              Optional.ofNullable(head.metadata().get(SHA256))));
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  private static Instant modified(Map<String, String> metadata, Instant stored) {
    String text = metadata.getOrDefault(MODIFIED, "");
    return text.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : stored;
  }

  static Map<String, String> metadata(String sha256, Instant modified) {
    return Map.of(SHA256, sha256, MODIFIED, Long.toString(modified.toEpochMilli()));
  }

  /** Opens a part of an object; closed, or aborted in the middle, by the caller. */
  ResponseInputStream<GetObjectResponse> open(String name, long offset, long length)
      throws IOException {
    String range = "bytes=" + offset + "-" + (offset + length - 1);
    return S3Faults.ask(
        name, () -> client.getObject(get -> get.bucket(bucket()).key(object(name)).range(range)));
  }

  /** Stores a file in one request. */
  void put(String name, FileStretch file, BodyChecksum checksum, Map<String, String> metadata)
      throws IOException {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(bucket())
            .key(object(name))
            .contentType(contentType(name))
            .metadata(metadata)
            .serverSideEncryption(encryption())
            .ssekmsKeyId(keyId())
            .contentMD5(checksum.md5())
            .checksumSHA256(checksum.sha256())
            .overrideConfiguration(o -> o.apiCallAttemptTimeout(BodyChecksum.limit(file.length())));
    S3Faults.ask(name, () -> client.putObject(put.build(), BodyChecksum.body(file)));
  }

  static String contentType(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "mp4" -> "video/mp4";
      case "webm" -> "video/webm";
      case "jpg" -> "image/jpeg";
      default -> "application/octet-stream";
    };
  }

  ServerSideEncryption encryption() {
    return switch (options.encryption()) {
      case Encryption.OfBucket() -> null;
      case Encryption.Managed() -> ServerSideEncryption.AES256;
      case Encryption.Kms(Optional<String> keyId) -> ServerSideEncryption.AWS_KMS;
    };
  }

  String keyId() {
    return options.encryption() instanceof Encryption.Kms(Optional<String> keyId)
        ? keyId.orElse(null)
        : null;
  }

  /** Nothing happens when it is not there. */
  void delete(String name) throws IOException {
    try {
      S3Faults.ask(name, () -> client.deleteObject(d -> d.bucket(bucket()).key(object(name))));
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  /** Copies an object of at most {@link #MOST_COPIED_BYTES} within the bucket. */
  void copy(String from, String to) throws IOException {
    S3Faults.ask(
        from,
        () ->
            client.copyObject(
                copy ->
                    copy.sourceBucket(bucket())
                        .sourceKey(object(from))
                        .destinationBucket(bucket())
                        .destinationKey(object(to))
                        .serverSideEncryption(encryption())
                        .ssekmsKeyId(keyId())));
  }

  /**
   * Objects whose names begin so, in the order of their names.
   *
   * @throws UncheckedIOException while they are read, also when the store has another order
   */
  Iterator<StoredBlob> list(String beginning) {
    return new S3Listing(this, beginning);
  }

  URI link(String name, Duration lifetime, String contentType, String contentDisposition) {
    String disposition = contentDisposition.isEmpty() ? null : contentDisposition;
    return URI.create(
        presigner
            .presignGetObject(
                link ->
                    link.signatureDuration(lifetime)
                        .getObjectRequest(
                            get ->
                                get.bucket(bucket())
                                    .key(object(name))
                                    .responseContentType(contentType)
                                    .responseContentDisposition(disposition)))
            .url()
            .toString());
  }

  @Override
  public void close() {
    presigner.close();
    client.close();
  }
}
