package dev.halcyon.verticles.blob.s3;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.ops.Readiness;
import dev.halcyon.verticles.ops.UploadFigures;
import dev.halcyon.verticles.store.BlobUploads;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/**
 * Everything that belongs to keeping files in a bucket, put together. Opening contacts nobody. Any
 * thread; the node that opened it closes it.
 */
public final class S3Storage implements AutoCloseable {
  private static final String CAUTION = "blob.s3";

  private final S3Bucket bucket;
  private final StoreGate gate;
  private final UploadHands hands;
  private final UploadDesk desk;
  private final S3Reads reads;
  private final S3BlobStore blobs;
  private final LocalEviction eviction;
  private final UploadAudit audit;
  private final BlobUploads rows;
  private final String nodeId;
  private final String name;
  private final Clock clock;
  private final LongAdder sentBytes = new LongAdder();

  /**
   * What the parts work with.
   *
   * @param nodeId the installation whose files these are
   * @param grace uploads in parts that were begun after that long ago are left alone
   */
  public record Surroundings(
      String nodeId,
      LocalBlobStore local,
      BlobUploads rows,
      Readiness readiness,
      Duration grace,
      Clock clock) {}

  public S3Storage(S3Options options, Surroundings around) {
    this.rows = around.rows();
    this.nodeId = around.nodeId();
    this.clock = around.clock();
    this.name = "s3://" + options.bucket() + '/' + options.prefix();
    RandomGenerator random = RandomGenerator.getDefault();
    LocalBlobStore local = around.local();
    this.bucket = new S3Bucket(options);
    this.gate = new StoreGate("the store " + name, clock, random, notice(around.readiness()));
    S3Multipart multipart = new S3Multipart(bucket, options.transfer().checksum());
    S3Upload upload = new S3Upload(bucket, multipart, options.transfer(), sentBytes::add);
    this.hands =
        new UploadHands(
            options.transfer().uploads(), local, bucket, upload, gate, rows, clock, random);
    this.desk = new UploadDesk(nodeId, local, bucket, gate, rows, hands, clock);
    this.reads = new S3Reads(bucket, gate, options.downloads());
    this.blobs = new S3BlobStore(local, bucket, gate, desk, reads, rows, clock);
    this.eviction =
        new LocalEviction(nodeId, local, bucket, gate, rows, options.keep(), blobs, clock);
    this.audit =
        new UploadAudit(
            nodeId, local, bucket, multipart, gate, rows, hands::inHand, around.grace(), clock);
  }

  private static StoreGate.Notice notice(Readiness readiness) {
    return new StoreGate.Notice() {
      @Override
      public void troubled(String text) {
        readiness.caution(
            CAUTION, text + "; clips stay on this machine and are brought there later");
      }

      @Override
      public void settled() {
        readiness.settle(CAUTION);
      }
    };
  }

  public BlobStore blobs() {
    return blobs;
  }

  public UploadFigures figures() {
    return new UploadFigures(
        () -> gate.isOpen() ? 1 : 0,
        () -> desk.totals().waiting(),
        () -> desk.totals().waitingBytes(),
        () -> desk.totals().oldest().map(this::ageMs).orElse(0L),
        hands::storedFiles,
        sentBytes::sum,
        hands::failedTries,
        eviction::evictedFiles,
        eviction::evictedBytes,
        reads::reads,
        reads::readBytes);
  }

  private long ageMs(Instant since) {
    return Math.max(0, Duration.between(since, clock.now()).toMillis());
  }

  String name() {
    return name;
  }

  StoreGate gate() {
    return gate;
  }

  UploadDesk desk() {
    return desk;
  }

  UploadHands hands() {
    return hands;
  }

  LocalEviction eviction() {
    return eviction;
  }

  UploadAudit audit() {
    return audit;
  }

  BlobUploads rows() {
    return rows;
  }

  String nodeId() {
    return nodeId;
  }

  Clock clock() {
    return clock;
  }

  /** After everybody who reads or stores files. Blocking, some seconds. */
  @Override
  public void close() {
    desk.close();
    reads.close();
    bucket.close();
  }
}
