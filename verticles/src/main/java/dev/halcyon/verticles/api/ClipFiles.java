package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.RemoteBlobs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The files of clips as requests find them. */
final class ClipFiles {
  private final Vertx vertx;
  private final BlobStore blobs;

  ClipFiles(Vertx vertx, BlobStore blobs) {
    this.vertx = vertx;
    this.blobs = blobs;
  }

  /**
   * A file that is there.
   *
   * @param modified when it was made
   */
  record Found(BlobKey key, FileBody body, long sizeBytes, Instant modified) {}

  /**
   * Finds a stored file for a request of a workspace, here or where the store keeps it; fails with
   * NOT_FOUND when the key is another workspace's or its file is gone, and with STORE_UNAVAILABLE
   * when it is kept elsewhere and cannot be had just now.
   */
  Future<Found> find(UUID workspaceId, String text) {
    BlobKey key = BlobKey.parse(workspaceId, text);
    Path file = blobs.fileOf(key);
    return vertx
        .fileSystem()
        .props(file.toString())
        .map(
            properties ->
                new Found(
                    key,
                    new FileBody.OnDisk(file),
                    properties.size(),
                    Instant.ofEpochMilli(properties.lastModifiedTime())))
        .recover(
            absent ->
                blobs
                    .remote()
                    .map(remote -> elsewhere(remote, key))
                    .orElseGet(() -> Future.failedFuture(gone(absent))));
  }

  private static Future<Found> elsewhere(RemoteBlobs remote, BlobKey key) {
    return remote
        .find(key)
        .map(
            blob -> new Found(key, new FileBody.Elsewhere(blob), blob.sizeBytes(), blob.modified()))
        .recover(failure -> Future.failedFuture(stated(failure)));
  }

  /** In words that do not tell clients about the store. */
  static Throwable stated(Throwable failure) {
    return switch (failure) {
      case HalcyonException stated -> stated;
      case NoSuchFileException absent -> gone(absent);
      default ->
          new HalcyonException(
              ErrorCode.STORE_UNAVAILABLE, "the file cannot be had from its store now", failure);
    };
  }

  private static HalcyonException gone(Throwable absent) {
    return new HalcyonException(ErrorCode.NOT_FOUND, "the file is gone", absent);
  }

  /** Where a file of a workspace is, whether or not it exists. */
  Path local(UUID workspaceId, String text) {
    return blobs.fileOf(BlobKey.parse(workspaceId, text));
  }

  /**
   * The version of a clip that is asked for, or its newest.
   *
   * @throws HalcyonException NOT_READY while there is none, NOT_FOUND when there will be none
   */
  static ClipVersion version(Clip clip, Optional<Integer> number) {
    if (clip.isInMaking()) {
      throw new HalcyonException(ErrorCode.NOT_READY, "the clip is still being made");
    }
    Optional<ClipVersion> found =
        number.isEmpty()
            ? clip.latest()
            : clip.versions().stream()
                .filter(version -> version.version() == number.get())
                .findFirst();
    return found.orElseThrow(
        () ->
            new HalcyonException(
                ErrorCode.NOT_FOUND,
                clip.status() == ClipStatus.FAILED
                    ? "the clip failed: " + clip.failure().map(PublicText::of).orElse("unknown")
                    : "the clip has no such version"));
  }

  static String contentType(ClipVersion version) {
    return version.container().equals("webm") ? "video/webm" : "video/mp4";
  }
}
