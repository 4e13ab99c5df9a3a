package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.s3.S3Options.Checksum;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Objects that are stored part by part. Blocking, as {@link S3Bucket}. Any thread. */
final class S3Multipart {
  private final S3Bucket bucket;
  private final Checksum checksum;

  S3Multipart(S3Bucket bucket, Checksum checksum) {
    this.bucket = bucket;
    this.checksum = checksum;
  }

  /**
   * A part that the store has.
   *
   * @param number from 1
   * @param sha256 null when the store tells none
   */
  record Part(int number, long sizeBytes, String etag, String sha256) {}

  /** An upload that was begun and neither completed nor aborted. */
  record Unfinished(String name, String id, Instant begun) {}

  String begin(String name, Map<String, String> metadata) throws IOException {
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder()
            .bucket(bucket.bucket())
            .key(bucket.object(name))
            .contentType(S3Bucket.contentType(name))
            .metadata(metadata)
            .serverSideEncryption(bucket.encryption())
            .ssekmsKeyId(bucket.keyId());
    if (checksum == Checksum.SHA256) {
      create.checksumAlgorithm(ChecksumAlgorithm.SHA256);
    }
    return S3Faults.ask(name, () -> bucket.client().createMultipartUpload(create.build()))
        .uploadId();
  }

  /**
   * @return in the order of their numbers; empty when there is no such upload any more
   */
  Optional<List<Part>> parts(String name, String id) throws IOException {
    List<Part> parts = new ArrayList<>();
    Integer marker = null;
    do {
      Integer after = marker;
      ListPartsResponse answer;
      try {
        answer =
            S3Faults.ask(
                name,
                () ->
                    bucket
                        .client()
                        .listParts(
                            list ->
                                list.bucket(bucket.bucket())
                                    .key(bucket.object(name))
                                    .uploadId(id)
                                    .partNumberMarker(after)));
      } catch (NoSuchFileException gone) {
        return Optional.empty();
      }
      answer
          .parts()
          .forEach(
              part ->
                  parts.add(
                      new Part(
                          part.partNumber(), part.size(), part.eTag(), part.checksumSHA256())));
      marker = Boolean.TRUE.equals(answer.isTruncated()) ? answer.nextPartNumberMarker() : null;
    } while (marker != null);
    parts.sort(Comparator.comparingInt(Part::number));
    return Optional.of(parts);
  }

  Part put(String name, String id, int number, FileStretch stretch) throws IOException {
    BodyChecksum sum = BodyChecksum.of(checksum, stretch);
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(bucket.bucket())
            .key(bucket.object(name))
            .uploadId(id)
            .partNumber(number)
            .contentMD5(sum.md5())
            .checksumSHA256(sum.sha256())
            .overrideConfiguration(
                o -> o.apiCallAttemptTimeout(BodyChecksum.limit(stretch.length())))
            .build();
    UploadPartResponse answer =
        S3Faults.ask(name, () -> bucket.client().uploadPart(request, BodyChecksum.body(stretch)));
    return new Part(number, stretch.length(), answer.eTag(), answer.checksumSHA256());
  }

  void complete(String name, String id, List<Part> parts) throws IOException {
    List<CompletedPart> completed =
        parts.stream()
            .map(
                part ->
                    CompletedPart.builder()
                        .partNumber(part.number())
                        .eTag(part.etag())
                        .checksumSHA256(part.sha256())
                        .build())
            .toList();
    S3Faults.ask(
        name,
        () ->
            bucket
                .client()
                .completeMultipartUpload(
                    c ->
                        c.bucket(bucket.bucket())
                            .key(bucket.object(name))
                            .uploadId(id)
                            .multipartUpload(m -> m.parts(completed))));
  }

  /** Frees the parts; nothing happens when there is no such upload. */
  void abort(String name, String id) throws IOException {
    try {
      S3Faults.ask(
          name,
          () ->
              bucket
                  .client()
                  .abortMultipartUpload(
                      a -> a.bucket(bucket.bucket()).key(bucket.object(name)).uploadId(id)));
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  List<Unfinished> unfinished() throws IOException {
    List<Unfinished> all = new ArrayList<>();
    String key = null;
    String id = null;
    boolean isMore = true;
    while (isMore) {
      String afterKey = key;
      String afterId = id;
      ListMultipartUploadsResponse answer =
          S3Faults.ask(
              bucket.bucket(),
              () ->
                  bucket
                      .client()
                      .listMultipartUploads(
                          list ->
                              list.bucket(bucket.bucket())
                                  .prefix(bucket.object(""))
                                  .keyMarker(afterKey)
                                  .uploadIdMarker(afterId)));
      answer
          .uploads()
          .forEach(
              one ->
                  all.add(new Unfinished(bucket.name(one.key()), one.uploadId(), one.initiated())));
      key = answer.nextKeyMarker();
      id = answer.nextUploadIdMarker();
      isMore = Boolean.TRUE.equals(answer.isTruncated()) && key != null;
    }
    return all;
  }
}
