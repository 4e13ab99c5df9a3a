package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.StoredBlob;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.BlobUploads.LocalFile;
import dev.halcyon.verticles.store.BlobUploads.Upload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the files of this machine, the objects in the bucket and the rows about uploads against
 * each other, all read once in one order, and corrects the rows. What differs is looked at anew
 * first: files come, go and are brought to the store meanwhile. Uploads in parts that nobody will
 * go on with are aborted. One thread at a time; blocking.
 */
final class UploadAudit {
  private static final Logger log = LoggerFactory.getLogger(UploadAudit.class);
  private static final int PART = 1_000;

  private final String nodeId;
  private final LocalBlobStore local;
  private final S3Bucket bucket;
  private final S3Multipart multipart;
  private final StoreGate gate;
  private final BlobUploads rows;
  private final Supplier<Set<String>> inHand;
  private final Duration grace;
  private final Clock clock;

  /**
   * What was put right.
   *
   * @param rows that said something else than is the case
   * @param aborted uploads
   */
  record Outcome(int rows, int aborted) {}

  /**
   * @param inHand files that are on their way now
   * @param grace uploads that were begun after that long ago are left alone
   */
  UploadAudit(
      String nodeId,
      LocalBlobStore local,
      S3Bucket bucket,
      S3Multipart multipart,
      StoreGate gate,
      BlobUploads rows,
      Supplier<Set<String>> inHand,
      Duration grace,
      Clock clock) {
    this.nodeId = nodeId;
    this.local = local;
    this.bucket = bucket;
    this.multipart = multipart;
    this.gate = gate;
    this.rows = rows;
    this.inHand = inHand;
    this.grace = grace;
    this.clock = clock;
  }

  Outcome run() throws IOException {
    gate.require();
    Outcome outcome = new Outcome(compare(), abortLeftOvers());
    if (outcome.rows() + outcome.aborted() > 0) {
      log.info("files, bucket and rows disagreed [outcome={}]", outcome);
    }
    return outcome;
  }

  private int compare() throws IOException {
    int corrected = 0;
    try {
      Side<StoredBlob> here = new Side<>(keyed(local.list()));
      Side<StoredBlob> there = new Side<>(keyed(bucket.list("")));
      Side<Upload> known = new Side<>(new Rows());
      for (Optional<String> next = least(here, there, known);
          next.isPresent();
          next = least(here, there, known)) {
        String name = next.get();
        Optional<StoredBlob> file = here.take(name, StoredBlob::name);
        Optional<StoredBlob> object = there.take(name, StoredBlob::name);
        Optional<Upload> row = known.take(name, Upload::blobKey);
        boolean isRight =
            isRight(size(file), size(object), row) || row.filter(this::isForeign).isPresent();
        if (!isRight && correct(name)) {
          corrected++;
        }
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
    return corrected;
  }

  private boolean isForeign(Upload row) {
    return !row.nodeId().equals(nodeId);
  }

  private static OptionalLong size(Optional<StoredBlob> file) {
    return file.map(found -> OptionalLong.of(found.sizeBytes())).orElse(OptionalLong.empty());
  }

  private static boolean isRight(OptionalLong here, OptionalLong there, Optional<Upload> row) {
    if (row.isEmpty()) {
      return here.isEmpty() && there.isEmpty();
    }
    boolean isStored = row.get().storedAt().isPresent();
    if (here.isEmpty()) {
      return there.isPresent() && isStored && !row.get().isLocal();
    }
    return row.get().isLocal() && (!isStored || there.equals(here));
  }

  /** Looks anew at one file and writes down what is the case. */
  private boolean correct(String name) throws IOException {
    OptionalLong here = sizeHere(name);
    Optional<S3Bucket.Head> head = bucket.head(name);
    OptionalLong there =
        head.map(found -> OptionalLong.of(found.sizeBytes())).orElse(OptionalLong.empty());
    Optional<Upload> row = await(rows.find(name));
    if (isRight(here, there, row) || inHand.get().contains(name)) {
      return false;
    }
    Instant now = clock.now();
    if (here.isPresent()) {
      correctHere(name, here.getAsLong(), here.equals(there), row, now);
    } else if (there.isEmpty()) {
      await(rows.remove(name));
    } else if (row.isEmpty()) {
      await(rows.addStored(nodeId, name, there.getAsLong(), now));
    } else {
      await(rows.stored(name, there.getAsLong(), now));
      await(rows.local(name, false, now));
    }
    return true;
  }

  private void correctHere(
      String name, long sizeBytes, boolean isThere, Optional<Upload> row, Instant now)
      throws IOException {
    if (row.isEmpty()) {
      await(rows.add(nodeId, List.of(new LocalFile(name, sizeBytes)), now, now));
    } else if (isThere) {
      await(rows.local(name, true, now));
    } else {
      await(rows.again(name, now));
    }
  }

  private OptionalLong sizeHere(String name) throws IOException {
    try {
      return OptionalLong.of(local.sizeBytes(BlobKey.read(name).orElseThrow()));
    } catch (NoSuchFileException absent) {
      return OptionalLong.empty();
    }
  }

  private int abortLeftOvers() throws IOException {
    Instant before = clock.now().minus(grace);
    List<S3Multipart.Unfinished> unfinished = multipart.unfinished();
    Set<String> wanted = await(rows.uploadIds());
    int aborted = 0;
    for (S3Multipart.Unfinished one : unfinished) {
      boolean isOurs = BlobKey.read(one.name()).isPresent();
      if (isOurs && one.begun().isBefore(before) && !wanted.contains(one.id())) {
        multipart.abort(one.name(), one.id());
        aborted++;
      }
    }
    return aborted;
  }

  private static Iterator<StoredBlob> keyed(Iterator<StoredBlob> files) {
    Iterable<StoredBlob> all = () -> files;
    return StreamSupport.stream(all.spliterator(), false)
        .filter(file -> file.key().isPresent())
        .iterator();
  }

  private static Optional<String> least(
      Side<StoredBlob> here, Side<StoredBlob> there, Side<Upload> known) {
    Optional<String> files = lesser(here.name(StoredBlob::name), there.name(StoredBlob::name));
    return lesser(files, known.name(Upload::blobKey));
  }

  private static Optional<String> lesser(Optional<String> one, Optional<String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().compareTo(other.get()) <= 0 ? one : other;
  }

  /** All rows, a part at a time. */
  private final class Rows implements Iterator<Upload> {
    private Iterator<Upload> part = List.<Upload>of().iterator();
    private String last = "";
    private boolean isAtEnd;

    @Override
    public boolean hasNext() {
      if (!part.hasNext() && !isAtEnd) {
        try {
          List<Upload> read = await(rows.after(last, PART));
          isAtEnd = read.size() < PART;
          part = read.iterator();
        } catch (IOException failure) {
          throw new UncheckedIOException(failure);
        }
      }
      return part.hasNext();
    }

    @Override
    public Upload next() {
      Upload row = part.next();
      last = row.blobKey();
      return row;
    }
  }
}
