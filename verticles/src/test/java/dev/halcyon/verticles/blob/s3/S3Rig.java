package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.SharedDatabase.await;

import dev.halcyon.verticles.api.TestClock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.s3.S3Options.Checksum;
import dev.halcyon.verticles.blob.s3.S3Options.Downloads;
import dev.halcyon.verticles.blob.s3.S3Options.Encryption;
import dev.halcyon.verticles.blob.s3.S3Options.Keep;
import dev.halcyon.verticles.blob.s3.S3Options.Keys;
import dev.halcyon.verticles.blob.s3.S3Options.Transfer;
import dev.halcyon.verticles.ops.Readiness;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.s3.S3Client;

/** Storage in a bucket of its own, reached over a wire that does harm; restarted at will. */
final class S3Rig implements AutoCloseable {
  static final Duration GRACE = Duration.ofHours(1);
  static final long PART_BYTES = 5L << 20;
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

  final TestClock clock = new TestClock();
  final UUID workspace = UUID.randomUUID();
  final S3Wire wire;
  final BlobUploads rows;
  private final S3Server s3;
  private final Path folder;
  private final String nodeId = "node-" + UUID.randomUUID();
  private final String bucketName = "bucket-" + UUID.randomUUID();
  private final Random random = new Random(7);
  LocalBlobStore local;
  S3Storage storage;
  S3Options options;

  S3Rig(S3Server s3, Database database, Path folder) throws IOException {
    this.s3 = s3;
    this.folder = folder;
    this.wire = new S3Wire(s3);
    this.rows = new BlobUploads(database.pool());
    this.options =
        new S3Options(
            bucketName,
            "clips/here/",
            Optional.of(wire.endpoint()),
            Optional.empty(),
            "us-east-1",
            true,
            Optional.of(new Keys(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)),
            new Encryption.OfBucket(),
            new Transfer(Checksum.SHA256, PART_BYTES, PART_BYTES, 2),
            new Downloads(true, Duration.ofMinutes(5)),
            new Keep(Duration.ofDays(1), 0));
  }

  static S3Rig open(S3Server s3, Database database, Path folder) throws IOException {
    S3Rig rig = new S3Rig(s3, database, folder);
    rig.makeBucket();
    rig.restart();
    return rig;
  }

  void makeBucket() {
    s3.makeBucket(bucketName);
  }

  /** As after the end of the process. */
  void restart() throws IOException {
    stop();
    local = LocalBlobStore.open(folder);
    storage =
        new S3Storage(
            options,
            new S3Storage.Surroundings(nodeId, local, rows, new Readiness(), GRACE, clock));
    storage.desk().start();
  }

  void stop() {
    if (storage != null) {
      storage.close();
      storage = null;
    }
  }

  BlobStore blobs() {
    return storage.blobs();
  }

  /** Has what waits tried at once, however long the pause. */
  void hurry() {
    storage.gate().hurry();
    await(rows.hurry(nodeId, clock.now()));
    storage.desk().look();
  }

  /** A file of some content. */
  BlobKey store(int sizeBytes) throws IOException {
    return store(BlobKey.fresh(workspace, UUID.randomUUID(), "mp4"), sizeBytes);
  }

  BlobKey store(BlobKey key, int sizeBytes) throws IOException {
    byte[] content = new byte[sizeBytes];
    random.nextBytes(content);
    Path staged = blobs().stage(key);
    Files.write(staged, content);
    blobs().commit(staged, key);
    return key;
  }

  Optional<BlobUploads.Upload> row(BlobKey key) {
    return await(rows.find(key.text()));
  }

  boolean isStored(BlobKey key) {
    return row(key).flatMap(BlobUploads.Upload::storedAt).isPresent();
  }

  void awaitStored(BlobKey key) throws Exception {
    until("stored: " + key.text(), () -> isStored(key));
  }

  /** What the bucket has, past wire and storage. */
  byte[] object(BlobKey key) {
    try (S3Client client = S3Clients.client(options)) {
      return client
          .getObjectAsBytes(get -> get.bucket(bucketName).key(options.prefix() + key.text()))
          .asByteArray();
    }
  }

  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadlineNs = System.nanoTime() + LIMIT_NS;
    while (!condition.call()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("not within the time: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    stop();
    wire.close();
  }
}
