package dev.halcyon.verticles.blob.s3;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.RemoteBlob;
import dev.halcyon.verticles.blob.RemoteBlobs;
import dev.halcyon.verticles.blob.s3.S3Options.Downloads;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Objects for those who serve them; only so many are read at once. Any thread. */
final class S3Reads implements RemoteBlobs, AutoCloseable {
  private static final int MAX_READERS = 256;
  private static final int MAX_KNOWN = 10_000;

  /** A player asks for many parts of one file; its length does not change. */
  private static final Duration KNOWN_FOR = Duration.ofMinutes(5);

  private final S3Bucket bucket;
  private final StoreGate gate;
  private final Downloads downloads;
  private final Semaphore readers = new Semaphore(MAX_READERS);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("s3-read-", 0).factory());
  private final Cache<String, S3Bucket.Head> known =
      Caffeine.newBuilder().maximumSize(MAX_KNOWN).expireAfterWrite(KNOWN_FOR).build();
  private final LongAdder reads = new LongAdder();
  private final LongAdder readBytes = new LongAdder();

  S3Reads(S3Bucket bucket, StoreGate gate, Downloads downloads) {
    this.bucket = bucket;
    this.gate = gate;
    this.downloads = downloads;
  }

  @Override
  public Optional<String> linkOrigin() {
    if (!downloads.isRedirected()) {
      return Optional.empty();
    }
    URI link = bucket.link("any", downloads.linkLifetime(), "text/plain", "");
    return Optional.of(link.getScheme() + "://" + link.getRawAuthority());
  }

  long reads() {
    return reads.sum();
  }

  long readBytes() {
    return readBytes.sum();
  }

  @Override
  public Future<RemoteBlob> find(BlobKey key) {
    String name = key.text();
    S3Bucket.Head seen = known.getIfPresent(name);
    if (seen != null) {
      return Future.succeededFuture(new Found(name, seen));
    }
    CompletableFuture<RemoteBlob> result = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            result.complete(new Found(name, look(name)));
          } catch (IOException | RuntimeException failure) {
            result.completeExceptionally(failure);
          }
        });
    Context context = Vertx.currentContext();
    return context == null
        ? Future.fromCompletionStage(result)
        : Future.fromCompletionStage(result, context);
  }

  private S3Bucket.Head look(String name) throws IOException {
    take();
    try {
      gate.require();
      S3Bucket.Head head = bucket.head(name).orElseThrow(() -> new NoSuchFileException(name));
      known.put(name, head);
      return head;
    } finally {
      readers.release();
    }
  }

  /** It is not there any more. */
  void forget(String name) {
    known.invalidate(name);
  }

  private void take() {
    if (!readers.tryAcquire()) {
      throw new HalcyonException(
          ErrorCode.OVERLOADED, "too many files are read from the store just now");
    }
  }

  private final class Found implements RemoteBlob {
    private final String name;
    private final S3Bucket.Head head;

    Found(String name, S3Bucket.Head head) {
      this.name = name;
      this.head = head;
    }

    @Override
    public long sizeBytes() {
      return head.sizeBytes();
    }

    @Override
    public Instant modified() {
      return head.modified();
    }

    @Override
    public InputStream open(long offset, long length) throws IOException {
      take();
      try {
        gate.require();
        InputStream open = new Counted(S3Stream.open(bucket, name, offset, length));
        reads.increment();
        return open;
      } catch (IOException | RuntimeException failure) {
        readers.release();
        known.invalidate(name);
        throw failure;
      }
    }

    @Override
    public Optional<URI> link(String contentType, String contentDisposition) {
      return downloads.isRedirected()
          ? Optional.of(
              bucket.link(name, downloads.linkLifetime(), contentType, contentDisposition))
          : Optional.empty();
    }
  }

  /** Counts what is read, and gives back its place among the readers. */
  private final class Counted extends FilterInputStream {
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Counted(S3Stream stream) {
      super(stream);
    }

    @Override
    public int read(byte[] into, int at, int wanted) throws IOException {
      int read = super.read(into, at, wanted);
      readBytes.add(Math.max(0, read));
      return read;
    }

    @Override
    public void close() throws IOException {
      if (isClosed.compareAndSet(false, true)) {
        readers.release();
        super.close();
      }
    }
  }

  /** Ends what is being looked for. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
