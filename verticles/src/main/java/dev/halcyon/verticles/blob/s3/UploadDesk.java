package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.blob.StoredBlob;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.BlobUploads.LocalFile;
import dev.halcyon.verticles.store.BlobUploads.Totals;
import dev.halcyon.verticles.store.BlobUploads.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every file of this machine comes to the store: notes new ones in the database,
 * hands out what is due, a few at a time, and finds out when a store that failed works again. What
 * cannot be noted is found on the disk later. One virtual thread; {@link #offer} on any.
 */
final class UploadDesk implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UploadDesk.class);
  private static final int MAX_FRESH = 10_000;
  private static final int BATCH = 500;

  /** A clip is announced before anything is sent of it. */
  private static final Duration SETTLE = Duration.ofSeconds(1);

  private static final long BUSY_WAIT_MS = 250;
  private static final long IDLE_WAIT_MS = 30_000;
  private static final long DATABASE_WAIT_MS = 2_000;
  private static final long TOTALS_EVERY_NS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private final String nodeId;
  private final LocalBlobStore local;
  private final S3Bucket bucket;
  private final StoreGate gate;
  private final BlobUploads rows;
  private final UploadHands hands;
  private final Clock clock;
  private final BlockingQueue<BlobKey> fresh = new ArrayBlockingQueue<>(MAX_FRESH);
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean isScanDue = true;
  private volatile Totals totals = Totals.NONE;
  private volatile boolean isCountDue = true;
  private long countedNs;
  private boolean isStoreKnown;
  private boolean isDatabaseAway;
  private Thread thread;

  UploadDesk(
      String nodeId,
      LocalBlobStore local,
      S3Bucket bucket,
      StoreGate gate,
      BlobUploads rows,
      UploadHands hands,
      Clock clock) {
    this.nodeId = nodeId;
    this.local = local;
    this.bucket = bucket;
    this.gate = gate;
    this.rows = rows;
    this.hands = hands;
    this.clock = clock;
    hands.onFree(this::look);
  }

  void start() {
    thread = Thread.ofVirtual().name("s3-uploads").start(this::run);
  }

  /** A new file of this machine. Does not block. */
  void offer(BlobKey key) {
    if (!fresh.offer(key)) {
      isScanDue = true;
    }
    wake.release();
  }

  /** Looks for what is due at once. */
  void look() {
    isCountDue = true;
    wake.release();
  }

  /** As they were some seconds ago. */
  Totals totals() {
    return totals;
  }

  private void run() {
    long waitMs = 0;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        if (wake.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
          wake.drainPermits();
        }
        waitMs = round();
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * @return how long nothing happens by itself
   */
  private long round() {
    try {
      boolean hasNew = note();
      askStore();
      boolean hasStarted = gate.isOpen() && startDue();
      count(hasNew || hasStarted);
      isDatabaseAway = false;
      return totals.waiting() > 0 || !gate.isOpen() ? BUSY_WAIT_MS : IDLE_WAIT_MS;
    } catch (IOException | RuntimeException failure) {
      isScanDue = true;
      if (!isDatabaseAway && !Thread.currentThread().isInterrupted()) {
        isDatabaseAway = true;
        log.warn("uploads wait: {}", failure.getMessage(), failure);
      }
      return DATABASE_WAIT_MS;
    }
  }

  private boolean note() throws IOException {
    boolean hasNew = !fresh.isEmpty();
    List<BlobKey> keys = new ArrayList<>();
    while (fresh.drainTo(keys, BATCH) > 0) {
      List<LocalFile> files = new ArrayList<>();
      for (BlobKey key : keys) {
        sizeOf(key).ifPresent(bytes -> files.add(new LocalFile(key.text(), bytes)));
      }
      add(files);
      keys.clear();
    }
    if (isScanDue) {
      isScanDue = false;
      scan();
      return true;
    }
    return hasNew;
  }

  private Optional<Long> sizeOf(BlobKey key) throws IOException {
    try {
      return Optional.of(local.sizeBytes(key));
    } catch (NoSuchFileException deleted) {
      return Optional.empty();
    }
  }

  /** Notes every file there is. */
  private void scan() throws IOException {
    List<LocalFile> files = new ArrayList<>();
    try {
      for (Iterator<StoredBlob> all = local.list(); all.hasNext(); ) {
        StoredBlob file = all.next();
        if (file.key().isPresent()) {
          files.add(new LocalFile(file.name(), file.sizeBytes()));
        }
        if (files.size() == BATCH || !all.hasNext()) {
          add(files);
          files.clear();
        }
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private void add(List<LocalFile> files) throws IOException {
    if (!files.isEmpty()) {
      await(rows.add(nodeId, files, clock.now(), clock.now().plus(SETTLE)));
    }
  }

  /** At first, so that wrong settings show before there is a clip, and while it fails. */
  private void askStore() throws IOException {
    if (isStoreKnown && !gate.isRetryDue()) {
      return;
    }
    isStoreKnown = true;
    try {
      bucket.check();
      gate.worked();
    } catch (StoreFault fault) {
      gate.failed(fault);
    }
  }

  private boolean startDue() throws IOException {
    int free = hands.free();
    if (free == 0) {
      return false;
    }
    Set<String> inHand = hands.inHand();
    List<Upload> due = await(rows.due(nodeId, clock.now(), inHand, free));
    due.forEach(hands::take);
    return !due.isEmpty();
  }

  private void count(boolean hasChanged) throws IOException {
    long nowNs = clock.nanoTime();
    if (hasChanged || isCountDue || nowNs - countedNs > TOTALS_EVERY_NS) {
      isCountDue = false;
      totals = await(rows.totals(nodeId));
      countedNs = nowNs;
    }
  }

  /** Breaks off what is under way; it is gone on with after the next start. Blocking. */
  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    thread.interrupt();
    hands.close();
    try {
      if (!thread.join(STOP_LIMIT)) {
        log.warn("uploads were still being handed out at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
