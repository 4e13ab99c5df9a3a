package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.s3.S3Options.Keep;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.BlobUploads.Upload;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes this machine's copies of files that the store has, the longest unused first. The store is
 * asked about each one before; what it turns out not to have is brought there again. One thread at
 * a time; blocking.
 */
final class LocalEviction {
  private static final Logger log = LoggerFactory.getLogger(LocalEviction.class);
  private static final int BATCH = 200;

  /** Posters, verifications and other formats are made soon after a clip. */
  private static final Duration LEAST_AGE = Duration.ofMinutes(10);

  private final String nodeId;
  private final LocalBlobStore local;
  private final S3Bucket bucket;
  private final StoreGate gate;
  private final BlobUploads rows;
  private final Keep keep;
  private final S3BlobStore blobs;
  private final Clock clock;
  private final LongAdder files = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  /** How much goes. */
  enum Extent {
    /** What is too old or too much. */
    POLICY,
    /** Whatever the store has. */
    ALL
  }

  LocalEviction(
      String nodeId,
      LocalBlobStore local,
      S3Bucket bucket,
      StoreGate gate,
      BlobUploads rows,
      Keep keep,
      S3BlobStore blobs,
      Clock clock) {
    this.nodeId = nodeId;
    this.local = local;
    this.bucket = bucket;
    this.gate = gate;
    this.rows = rows;
    this.keep = keep;
    this.blobs = blobs;
    this.clock = clock;
  }

  long evictedFiles() {
    return files.sum();
  }

  long evictedBytes() {
    return bytes.sum();
  }

  /**
   * @return how many files went; some may be left for the next time
   */
  int run(Extent extent) throws IOException {
    if (!gate.isOpen()) {
      return 0;
    }
    Instant now = clock.now();
    Instant since = extent == Extent.ALL ? now : now.minus(LEAST_AGE);
    long leftBytes = await(rows.totals(nodeId)).storedLocalBytes();
    int evicted = 0;
    List<Upload> unused = await(rows.unused(nodeId, since, BATCH));
    for (Upload file : unused) {
      boolean isOld = file.usedAt().isBefore(now.minus(keep.age()));
      boolean isTooMuch = keep.bytes() > 0 && leftBytes > keep.bytes();
      if (extent == Extent.POLICY && !isOld && !isTooMuch) {
        break;
      }
      if (evict(file)) {
        leftBytes -= file.sizeBytes();
        evicted++;
      }
    }
    return evicted == BATCH ? evicted + run(extent) : evicted;
  }

  private boolean evict(Upload file) throws IOException {
    BlobKey key = BlobKey.read(file.blobKey()).orElseThrow();
    if (blobs.isInUse(key)) {
      return false;
    }
    long sizeBytes;
    try {
      sizeBytes = local.sizeBytes(key);
    } catch (NoSuchFileException gone) {
      await(rows.local(file.blobKey(), false, clock.now()));
      return false;
    }
    Optional<S3Bucket.Head> there = bucket.head(file.blobKey());
    if (there.isEmpty() || there.get().sizeBytes() != sizeBytes) {
      log.warn("the store has lost a file; it is brought there again [key={}]", file.blobKey());
      await(rows.again(file.blobKey(), clock.now()));
      return false;
    }
    if (!blobs.dropUnused(key)) {
      return false;
    }
    await(rows.local(file.blobKey(), false, clock.now()));
    files.increment();
    bytes.add(sizeBytes);
    return true;
  }
}
