package dev.halcyon.codecs.session;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session file, as its readers know it: closed, or still growing. Any thread; what blocks on the
 * disk says so. It stays on the disk while somebody {@link #hold}s it.
 */
public final class SessionFile {
  private static final Logger log = LoggerFactory.getLogger(SessionFile.class);

  /** The first picture of an epoch is presented some time after it began. */
  private static final long LEAD_US = 1_000_000;

  private final SessionStore store;
  private final Path path;
  private final SessionHead head;

  // Guarded by this.
  private final List<Fragment> fragments = new ArrayList<>();
  private final List<RecordedGap> gaps = new ArrayList<>();
  private boolean isGrowing;
  private boolean isIndexed;
  private int fragmentCount;
  private Seam firstSeam = Seam.CONTINUOUS;
  private long fromUs = Long.MAX_VALUE;
  private long toUs = Long.MIN_VALUE;
  private long settledUs = Long.MIN_VALUE;
  private long lastArrivalUs;
  private long mediaBytes;
  private long sizeBytes;
  private int holds;
  private boolean isDoomed;

  private SessionFile(SessionStore store, Path path, SessionHead head, boolean isGrowing) {
    this.store = store;
    this.path = path;
    this.head = head;
    this.isGrowing = isGrowing;
  }

  static SessionFile growing(SessionStore store, Path path, SessionHead head) {
    return new SessionFile(store, path, head, true);
  }

  /**
   * Opens a file that an earlier run closed, or recovers one that it left. Blocking.
   *
   * @return empty when the file held nothing and was deleted
   * @throws HalcyonException RECORDING_CORRUPT when it is no session file
   */
  public static Optional<SessionFile> open(SessionStore store, Path path) throws IOException {
    try (FileChannel channel = store.open(path, StandardOpenOption.READ)) {
      Optional<SessionHead> head = HeadBox.find(channel);
      Optional<List<Fragment>> fragments =
          head.isEmpty() ? Optional.empty() : IndexBox.find(channel, head.get().nonce());
      if (fragments.isPresent()) {
        return Optional.of(whole(store, path, head.get(), fragments.get(), channel.size()));
      }
    }
    return SessionRecovery.recover(store, path).map(kept -> recovered(store, path, kept));
  }

  private static SessionFile recovered(SessionStore store, Path path, SessionRecovery.Kept kept) {
    SessionFile file = new SessionFile(store, path, kept.head(), true);
    kept.fragments().forEach(file::grow);
    file.closed(kept.sizeBytes(), kept.hasIndex());
    return file;
  }

  private static SessionFile whole(
      SessionStore store, Path path, SessionHead head, List<Fragment> fragments, long sizeBytes) {
    SessionFile file = new SessionFile(store, path, head, true);
    fragments.forEach(file::grow);
    file.closed(sizeBytes, true);
    return file;
  }

  /** Another fragment is whole. */
  synchronized void grow(Fragment fragment) {
    grow(fragment, fragment.toUs());
  }

  /**
   * The writer has made another fragment whole.
   *
   * @param settledToUs stream time before which nothing more comes, of any track
   */
  synchronized void grow(Fragment fragment, long settledToUs) {
    if (fragmentCount == 0) {
      firstSeam = fragment.seam();
    } else if (fragment.seam() != Seam.CONTINUOUS && fragment.fromUs() > toUs) {
      gaps.add(new RecordedGap(toUs, fragment.fromUs() - toUs, fragment.seam()));
    }
    fragments.add(fragment);
    fragmentCount++;
    fromUs = Math.min(fromUs, fragment.fromUs());
    toUs = Math.max(toUs, fragment.toUs());
    settledUs = Math.max(settledUs, settledToUs);
    lastArrivalUs = fragment.arrivalUs();
    mediaBytes += fragment.mediaBytes();
    sizeBytes = fragment.endOffset();
  }

  /**
   * Nothing follows.
   *
   * @param hasIndex whether the fragments can be read from the file when they are wanted
   */
  synchronized void closed(long finalBytes, boolean hasIndex) {
    isGrowing = false;
    isIndexed = hasIndex;
    if (hasIndex) {
      fragments.clear();
    }
    sizeBytes = finalBytes;
  }

  public Path path() {
    return path;
  }

  public SessionHead head() {
    return head;
  }

  public synchronized boolean isGrowing() {
    return isGrowing;
  }

  public synchronized int fragmentCount() {
    return fragmentCount;
  }

  /** How the file joins what was recorded before it. */
  public synchronized Seam firstSeam() {
    return firstSeam;
  }

  /** Stream time of the first packet; {@code Long.MAX_VALUE} while there is none. */
  public synchronized long fromUs() {
    return fromUs;
  }

  /** As {@link #fromUs}; where the file has its epoch's first packet, the epoch's beginning. */
  public synchronized long beganUs() {
    long leadUs = fromUs - head.anchorStreamUs();
    return leadUs >= 0 && leadUs < LEAD_US ? head.anchorStreamUs() : fromUs;
  }

  /** Stream time of the end of the last packet; {@code Long.MIN_VALUE} while there is none. */
  public synchronized long toUs() {
    return toUs;
  }

  /**
   * Stream time before which everything of the file's tracks is there, while it grows; tracks come
   * interleaved loosely.
   */
  public synchronized long settledUs() {
    return isGrowing ? settledUs : toUs;
  }

  /** Its stretches without a hole, in time order. */
  synchronized List<RecordedRange> ranges() {
    List<RecordedRange> ranges = new ArrayList<>();
    long beginUs = beganUs();
    Seam seam = firstSeam;
    for (RecordedGap gap : gaps) {
      ranges.add(range(seam, beginUs, gap.atUs()));
      beginUs = gap.atUs() + gap.lengthUs();
      seam = gap.reason();
    }
    ranges.add(range(seam, beginUs, toUs));
    return ranges;
  }

  private RecordedRange range(Seam seam, long beginUs, long endUs) {
    return new RecordedRange(
        head.sessionId(),
        seam,
        new HeldEpoch(head.epoch(), beginUs, endUs, head.anchorStreamUs(), head.anchorWallUs()),
        head.tracks());
  }

  /** Wall clock at which the newest fragment began to arrive, microseconds since 1970. */
  public synchronized long lastArrivalUs() {
    return lastArrivalUs;
  }

  /** Of payload. */
  public synchronized long mediaBytes() {
    return mediaBytes;
  }

  /** Of the whole file. */
  public synchronized long sizeBytes() {
    return sizeBytes;
  }

  /** What is missing between fragments. */
  public synchronized List<RecordedGap> gaps() {
    return List.copyOf(gaps);
  }

  /** The whole fragments, in time order. Blocking. */
  public List<Fragment> fragments() throws IOException {
    synchronized (this) {
      if (!isIndexed) {
        return List.copyOf(fragments);
      }
    }
    try (FileChannel channel = open()) {
      return IndexBox.find(channel, head.nonce())
          .orElseThrow(() -> damaged("the index is damaged"));
    }
  }

  /** To read; the caller closes it. */
  public FileChannel open() throws IOException {
    return store.open(path, StandardOpenOption.READ);
  }

  /**
   * The packets of a fragment. Blocking.
   *
   * @throws HalcyonException RECORDING_CORRUPT
   */
  public List<SessionPacket> packets(FileChannel channel, Fragment fragment) throws IOException {
    long sealAt = fragment.sealOffset();
    return OwnBox.SEAL
        .read(channel, sealAt)
        .flatMap(body -> SealBox.read(body, sealAt))
        .filter(seal -> seal.nonce() == head.nonce())
        .filter(seal -> seal.fragment(sealAt).after(fragment.seam()).equals(fragment))
        .map(SealBox::packets)
        .orElseThrow(
            () -> damaged("damaged from " + fragment.fromUs() + " to " + fragment.toUs() + " us"));
  }

  private static HalcyonException damaged(String what) {
    return new HalcyonException(ErrorCode.RECORDING_CORRUPT, "the recording: " + what);
  }

  /** The promise that a file stays; closed by whoever got it. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /** Keeps the file on the disk until the hold is closed; empty when it is deleted already. */
  public synchronized Optional<Hold> hold() {
    if (isDoomed) {
      return Optional.empty();
    }
    holds++;
    return Optional.of(new OneHold());
  }

  private final class OneHold implements Hold {
    private boolean isClosed;

    @Override
    public void close() {
      synchronized (SessionFile.this) {
        if (isClosed) {
          return;
        }
        isClosed = true;
        holds--;
        if (!isDoomed || holds > 0) {
          return;
        }
      }
      try {
        Files.deleteIfExists(path);
      } catch (IOException failure) {
        log.warn("a deleted recording's file stays [file={}]", path, failure);
      }
    }
  }

  public synchronized boolean isHeld() {
    return holds > 0;
  }

  /** Deletes the file now or, while somebody holds it, after that. Nobody can hold it any more. */
  public void delete() throws IOException {
    synchronized (this) {
      isDoomed = true;
      if (holds > 0) {
        return;
      }
    }
    Files.deleteIfExists(path);
  }
}
