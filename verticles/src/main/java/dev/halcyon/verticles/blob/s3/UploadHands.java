package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.BlobUploads.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries files to the store, a few at a time, each on a virtual thread, and writes down what
 * became of it. Any thread.
 */
final class UploadHands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UploadHands.class);
  private static final long FIRST_PAUSE_MS = 2_000;
  private static final long LONGEST_PAUSE_MS = 3_600_000;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(4);

  private final int width;
  private final LocalBlobStore local;
  private final S3Bucket bucket;
  private final S3Upload upload;
  private final StoreGate gate;
  private final BlobUploads rows;
  private final Clock clock;
  private final RandomGenerator random;
  private final Map<String, Thread> inHand = new ConcurrentHashMap<>();
  private final LongAdder stored = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile Runnable onFree = () -> {};
  private volatile boolean isClosed;

  UploadHands(
      int width,
      LocalBlobStore local,
      S3Bucket bucket,
      S3Upload upload,
      StoreGate gate,
      BlobUploads rows,
      Clock clock,
      RandomGenerator random) {
    this.width = width;
    this.local = local;
    this.bucket = bucket;
    this.upload = upload;
    this.gate = gate;
    this.rows = rows;
    this.clock = clock;
    this.random = random;
  }

  /** Has something told whenever a hand is free again. Called once, before any file. */
  void onFree(Runnable listener) {
    onFree = listener;
  }

  int free() {
    return isClosed ? 0 : Math.max(0, width - inHand.size());
  }

  Set<String> inHand() {
    return Set.copyOf(inHand.keySet());
  }

  long storedFiles() {
    return stored.sum();
  }

  long failedTries() {
    return failures.sum();
  }

  void take(Upload row) {
    Thread carrier =
        Thread.ofVirtual()
            .name("s3-upload " + row.blobKey())
            .unstarted(
                () -> {
                  try {
                    carry(row);
                  } finally {
                    inHand.remove(row.blobKey());
                    onFree.run();
                  }
                });
    inHand.put(row.blobKey(), carrier);
    carrier.start();
  }

  private void carry(Upload row) {
    Path file = local.fileOf(BlobKey.read(row.blobKey()).orElseThrow());
    try {
      if (Files.notExists(file)) {
        await(rows.remove(row.blobKey()));
        return;
      }
      upload.store(row.blobKey(), file, row.uploadId(), id -> begun(row, id));
      gate.worked();
      stored.increment();
      await(rows.stored(row.blobKey(), Files.size(file), clock.now()));
      log.debug("stored [key={}]", row.blobKey());
    } catch (IOException | RuntimeException failure) {
      if (!isClosed) {
        settle(row, file, failure);
      }
    }
  }

  /** Only a hint for a later try: without it that one begins anew. */
  private void begun(Upload row, String uploadId) {
    try {
      await(rows.begun(row.blobKey(), uploadId));
    } catch (IOException failure) {
      log.debug("not noted that an upload was begun [key={}]", row.blobKey(), failure);
    }
  }

  private void settle(Upload row, Path file, Exception failure) {
    try {
      if (Files.notExists(file)) {
        // Its clip was deleted meanwhile.
        bucket.delete(row.blobKey());
        await(rows.remove(row.blobKey()));
        return;
      }
      failures.increment();
      boolean isOfFile = isOfFile(failure);
      String why = String.valueOf(failure.getMessage());
      if (isOfFile) {
        log.warn("not stored [key={}, attempts={}]: {}", row.blobKey(), row.attempts() + 1, why);
      }
      Instant next = isOfFile ? clock.now().plusMillis(pauseMs(row.attempts())) : clock.now();
      await(rows.failed(row.blobKey(), why, isOfFile, next));
    } catch (IOException | RuntimeException away) {
      log.debug("not noted what became of an upload [key={}]", row.blobKey(), away);
    }
  }

  /** Asks the store something simple: does it fail for everything? */
  private boolean isOfFile(Exception failure) {
    if (!(failure instanceof StoreFault fault) || !fault.isOfWholeStore()) {
      return true;
    }
    try {
      bucket.check();
      return true;
    } catch (StoreFault same) {
      gate.failed(same);
    } catch (IOException unclear) {
      gate.failed(fault);
    }
    return false;
  }

  private long pauseMs(int attempts) {
    long pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(attempts, 12));
    return pauseMs / 2 + random.nextLong(pauseMs / 2 + 1);
  }

  @Override
  public void close() {
    isClosed = true;
    Set<Thread> carriers = Set.copyOf(inHand.values());
    carriers.forEach(Thread::interrupt);
    long deadlineNs = clock.nanoTime() + STOP_LIMIT.toNanos();
    try {
      for (Thread carrier : carriers) {
        long leftNs = Math.max(1, deadlineNs - clock.nanoTime());
        if (!carrier.join(Duration.ofNanos(leftNs))) {
          log.warn("an upload was still going on at the stop [thread={}]", carrier.getName());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
