package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.Database.await;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.MergedListing;
import dev.halcyon.verticles.blob.RemoteBlobs;
import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.blob.StoredBlob;
import dev.halcyon.verticles.store.BlobUploads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;

/**
 * A {@link BlobStore} whose files are made on this machine and then brought to a bucket. What is
 * asked for is looked for here first. A file is kept as soon as it is here: whether the bucket can
 * be reached makes no difference to whoever stores.
 */
final class S3BlobStore implements BlobStore {
  static final String QUARANTINE = ".quarantine/";

  /** A file that was just fetched is about to be read. */
  private static final Duration IN_USE = Duration.ofMinutes(10);

  private static final int MAX_IN_USE = 10_000;

  private final LocalBlobStore local;
  private final S3Bucket bucket;
  private final StoreGate gate;
  private final UploadDesk desk;
  private final S3Reads reads;
  private final BlobUploads rows;
  private final Clock clock;
  private final Cache<BlobKey, Boolean> inUse =
      Caffeine.newBuilder().maximumSize(MAX_IN_USE).expireAfterWrite(IN_USE).build();

  S3BlobStore(
      LocalBlobStore local,
      S3Bucket bucket,
      StoreGate gate,
      UploadDesk desk,
      S3Reads reads,
      BlobUploads rows,
      Clock clock) {
    this.local = local;
    this.bucket = bucket;
    this.gate = gate;
    this.desk = desk;
    this.reads = reads;
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public Path stage(BlobKey key) throws IOException {
    return local.stage(key);
  }

  @Override
  public void commit(Path staged, BlobKey key) throws IOException {
    local.commit(staged, key);
    desk.offer(key);
  }

  @Override
  public void force(BlobKey key) throws IOException {
    local.force(key);
  }

  @Override
  public Path fileOf(BlobKey key) {
    return local.fileOf(key);
  }

  @Override
  public Optional<RemoteBlobs> remote() {
    return Optional.of(reads);
  }

  /** Whether somebody has asked to read the file on this machine not long ago. */
  boolean isInUse(BlobKey key) {
    return inUse.getIfPresent(key) != null;
  }

  /**
   * Deletes this machine's copy unless somebody has asked to read it not long ago.
   *
   * @return whether it is gone
   */
  boolean dropUnused(BlobKey key) throws IOException {
    synchronized (inUse) {
      if (isInUse(key)) {
        return false;
      }
      local.delete(key);
      return true;
    }
  }

  /** Whether the file is here; if so, it stays for a while. */
  private boolean isTaken(BlobKey key) {
    synchronized (inUse) {
      inUse.put(key, true);
      return Files.exists(local.fileOf(key));
    }
  }

  @Override
  public Path fetch(BlobKey key) throws IOException {
    Path file = local.fileOf(key);
    if (!isTaken(key)) {
      try {
        bring(key);
      } catch (StoreFault fault) {
        throw new HalcyonException(
            ErrorCode.STORE_UNAVAILABLE, "the file cannot be had from its store now", fault);
      }
      await(rows.local(key.text(), true, clock.now()));
    }
    return file;
  }

  private void bring(BlobKey key) throws IOException {
    gate.require();
    bring(key, bucket.head(key.text()).orElseThrow(() -> new NoSuchFileException(key.text())));
  }

  private void bring(BlobKey key, S3Bucket.Head head) throws IOException {
    Path staged = local.stage(key);
    try {
      try (OutputStream out = Files.newOutputStream(staged)) {
        if (head.sizeBytes() > 0) {
          try (InputStream in = S3Stream.open(bucket, key.text(), 0, head.sizeBytes())) {
            in.transferTo(out);
          }
        }
      }
      Files.setLastModifiedTime(staged, FileTime.from(head.modified()));
      local.commit(staged, key);
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  @Override
  public long sizeBytes(BlobKey key) throws IOException {
    try {
      return local.sizeBytes(key);
    } catch (NoSuchFileException elsewhere) {
      gate.require();
      return bucket.head(key.text()).orElseThrow(() -> elsewhere).sizeBytes();
    }
  }

  @Override
  public void delete(BlobKey key) throws IOException {
    local.delete(key);
    gate.require();
    bucket.delete(key.text());
    reads.forget(key.text());
  }

  @Override
  public void deleteClip(UUID workspaceId, UUID clipId) throws IOException {
    local.deleteClip(workspaceId, clipId);
    gate.require();
    try {
      for (Iterator<StoredBlob> files = bucket.list(workspaceId + "/clips/" + clipId + '/');
          files.hasNext(); ) {
        String name = files.next().name();
        bucket.delete(name);
        reads.forget(name);
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  @Override
  public Iterator<StoredBlob> list() throws IOException {
    gate.require();
    return new MergedListing(local.list(), bucket.list(""));
  }

  @Override
  public void quarantine(BlobKey key) throws IOException {
    gate.require();
    boolean isHere = Files.exists(local.fileOf(key));
    local.quarantine(key);
    String name = key.text();
    Optional<S3Bucket.Head> there = bucket.head(name);
    if (there.isEmpty()) {
      return;
    }
    if (!isHere) {
      if (there.get().sizeBytes() > S3Bucket.MOST_COPIED_BYTES) {
        throw new StoreFault(
            StoreFault.Kind.FILE, "too long to be put aside within the bucket: " + name, null);
      }
      bucket.copy(name, QUARANTINE + name);
    }
    bucket.delete(name);
    reads.forget(name);
  }

  @Override
  public int dropQuarantined(Instant before) throws IOException {
    int dropped = local.dropQuarantined(before);
    try {
      for (Iterator<StoredBlob> files = bucket.list(QUARANTINE); files.hasNext(); ) {
        StoredBlob file = files.next();
        if (file.modified().isBefore(before)) {
          bucket.delete(file.name());
          dropped++;
        }
      }
      return dropped;
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }
}
