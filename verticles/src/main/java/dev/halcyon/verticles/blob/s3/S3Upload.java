package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.blob.s3.S3Multipart.Part;
import dev.halcyon.verticles.blob.s3.S3Options.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Stores files, small ones in one request and others in parts that need not be sent again when a
 * later try goes on with them. What the store has afterwards is looked at, not believed. Blocking;
 * any thread.
 */
final class S3Upload {
  private final S3Bucket bucket;
  private final S3Multipart multipart;
  private final Transfer transfer;
  private final LongConsumer onSent;

  /**
   * @param onSent told of bytes that the store took
   */
  S3Upload(S3Bucket bucket, S3Multipart multipart, Transfer transfer, LongConsumer onSent) {
    this.bucket = bucket;
    this.multipart = multipart;
    this.transfer = transfer;
    this.onSent = onSent;
  }

  /**
   * Stores a file unless the store has it.
   *
   * @param begun of an earlier try
   * @param onBegun told how a later try can go on
   * @throws NoSuchFileException when the file on this machine is gone
   */
  void store(String name, Path file, Optional<String> begun, Consumer<String> onBegun)
      throws IOException {
    long sizeBytes = Files.size(file);
    String sha256;
    try (FileStretch whole = new FileStretch(file, 0, sizeBytes)) {
      sha256 = HexFormat.of().formatHex(whole.digest("SHA-256"));
      if (isThere(name, sizeBytes, sha256)) {
        return;
      }
      Map<String, String> metadata =
          S3Bucket.metadata(sha256, Files.getLastModifiedTime(file).toInstant());
      if (sizeBytes < transfer.multipartBytes()) {
        bucket.put(name, whole, BodyChecksum.of(transfer.checksum(), whole), metadata);
        onSent.accept(sizeBytes);
      } else {
        storeInParts(name, file, sizeBytes, metadata, begun, onBegun);
      }
    }
    if (!isThere(name, sizeBytes, sha256)) {
      throw new StoreFault(
          StoreFault.Kind.FILE, "the store took " + name + " and does not have it as it is", null);
    }
  }

  /** Whether the store has a file as this machine has it. */
  boolean isThere(String name, long sizeBytes, String sha256) throws IOException {
    return bucket
        .head(name)
        .filter(head -> head.sizeBytes() == sizeBytes)
        .flatMap(S3Bucket.Head::sha256)
        .filter(sha256::equals)
        .isPresent();
  }

  private void storeInParts(
      String name,
      Path file,
      long sizeBytes,
      Map<String, String> metadata,
      Optional<String> begun,
      Consumer<String> onBegun)
      throws IOException {
    long partBytes = transfer.partBytesOf(sizeBytes);
    Optional<List<Part>> earlier = earlier(name, begun, partBytes, sizeBytes);
    String id;
    if (earlier.isPresent()) {
      id = begun.orElseThrow();
    } else {
      id = multipart.begin(name, metadata);
      onBegun.accept(id);
    }
    List<Part> parts = new ArrayList<>(earlier.orElse(List.of()));
    for (int number = parts.size() + 1; (number - 1) * partBytes < sizeBytes; number++) {
      long offset = (number - 1) * partBytes;
      long length = Math.min(partBytes, sizeBytes - offset);
      try (FileStretch stretch = new FileStretch(file, offset, length)) {
        parts.add(multipart.put(name, id, number, stretch));
      }
      onSent.accept(length);
    }
    multipart.complete(name, id, parts);
  }

  /**
   * The parts that an earlier try has stored, from the first one to where it broke off. Empty when
   * there is nothing to go on with; what does not fit is given up.
   */
  private Optional<List<Part>> earlier(
      String name, Optional<String> begun, long partBytes, long sizeBytes) throws IOException {
    if (begun.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<Part>> stored = multipart.parts(name, begun.get());
    if (stored.isEmpty()) {
      return Optional.empty();
    }
    List<Part> fitting = new ArrayList<>();
    for (Part part : stored.get()) {
      long offset = fitting.size() * partBytes;
      boolean isNext = part.number() == fitting.size() + 1;
      if (!isNext || part.sizeBytes() != Math.min(partBytes, sizeBytes - offset)) {
        multipart.abort(name, begun.get());
        return Optional.empty();
      }
      fitting.add(part);
    }
    return Optional.of(fitting);
  }
}
