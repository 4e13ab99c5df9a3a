package dev.halcyon.codecs.session;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is recorded of one stream: its session files in a folder of their own. The files are the
 * only truth; what is known here is read from them. One thread begins files, any thread reads; what
 * blocks on the disk says so.
 */
public final class Recording {
  private static final Logger log = LoggerFactory.getLogger(Recording.class);
  private static final String ENDING = ".mp4";
  private static final int LAST_FRAGMENTS = 16;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final SessionStore store;
  private final Path dir;
  private final SecureRandom random = new SecureRandom();
  private volatile List<SessionFile> files;
  private volatile int lastNumber;

  private Recording(SessionStore store, Path dir, List<SessionFile> files) {
    this.store = store;
    this.dir = dir;
    this.files = List.copyOf(files);
    this.lastNumber = files.isEmpty() ? 0 : files.getLast().head().number();
  }

  /**
   * Opens the files of an earlier run; those that it left unfinished are recovered, those that are
   * unreadable are set aside. Blocking.
   *
   * @param dir made when it is absent and something is recorded
   */
  public static Recording open(SessionStore store, Path dir) throws IOException {
    List<SessionFile> files = new ArrayList<>();
    if (Files.isDirectory(dir)) {
      try (DirectoryStream<Path> paths = Files.newDirectoryStream(dir, "*" + ENDING)) {
        for (Path path : paths) {
          opened(store, path).ifPresent(files::add);
        }
      }
    }
    files.sort(Comparator.comparingInt(file -> file.head().number()));
    return new Recording(store, dir, files);
  }

  private static Optional<SessionFile> opened(SessionStore store, Path path) throws IOException {
    try {
      return SessionFile.open(store, path);
    } catch (HalcyonException unreadable) {
      Path aside = path.resolveSibling(path.getFileName() + ".damaged");
      Files.move(path, aside);
      log.error("a recorded file is unreadable, set aside [file={}]", aside, unreadable);
      return Optional.empty();
    }
  }

  /**
   * Begins the next file. The thread that records. Blocking.
   *
   * @param draft with any number and nonce: they are set here
   * @param originUs the stream time that players show as 0
   */
  public SessionWriter begin(SessionHead draft, long originUs) throws IOException {
    int number = lastNumber + 1;
    SessionHead head =
        new SessionHead(
            draft.streamId(),
            draft.sessionId(),
            number,
            random.nextLong(),
            draft.epoch(),
            draft.anchorStreamUs(),
            draft.anchorWallUs(),
            draft.openedWallUs(),
            draft.tracks());
    Files.createDirectories(dir);
    SessionWriter writer = SessionWriter.create(store, dir.resolve(name(head)), head, originUs);
    lastNumber = number;
    synchronized (this) {
      List<SessionFile> next = new ArrayList<>(files);
      next.add(writer.file());
      files = List.copyOf(next);
    }
    return writer;
  }

  private static String name(SessionHead head) {
    Instant opened = Instant.EPOCH.plus(head.openedWallUs(), ChronoUnit.MICROS);
    return "%s-%06d%s".formatted(NAME.format(opened), head.number(), ENDING);
  }

  /** Those with something in them, in time order. */
  public List<SessionFile> files() {
    return files.stream().filter(file -> file.fragmentCount() > 0).toList();
  }

  /** Of all files on the disk. */
  public long sizeBytes() {
    return files.stream().mapToLong(SessionFile::sizeBytes).sum();
  }

  /** What is recorded, a range an epoch, oldest first; there may be gaps in it. */
  public List<HeldEpoch> held() {
    List<HeldEpoch> held = new ArrayList<>();
    for (SessionFile file : files()) {
      SessionHead head = file.head();
      HeldEpoch last = held.isEmpty() ? null : held.getLast();
      long fromUs = file.fromUs();
      if (last != null && last.epoch() == head.epoch()) {
        held.removeLast();
        fromUs = Math.min(fromUs, last.fromUs());
      }
      long toUs = Math.max(file.toUs(), last == null ? file.toUs() : last.toUs());
      held.add(
          new HeldEpoch(head.epoch(), fromUs, toUs, head.anchorStreamUs(), head.anchorWallUs()));
    }
    return List.copyOf(held);
  }

  /** What is recorded, in stretches without a hole, oldest first. */
  public List<RecordedRange> ranges() {
    List<RecordedRange> ranges = new ArrayList<>();
    for (SessionFile file : files()) {
      file.ranges().forEach(range -> RecordedRange.append(ranges, range));
    }
    return List.copyOf(ranges);
  }

  /** Stream time before which everything is recorded that will be, while the newest file grows. */
  public long settledUs() {
    List<SessionFile> recorded = files();
    return recorded.isEmpty() ? Long.MIN_VALUE : recorded.getLast().settledUs();
  }

  /** Where to go on. Blocking. */
  public RecordedEnd end() throws IOException {
    List<SessionFile> recorded = files();
    if (recorded.isEmpty()) {
      return Erased.read(dir).map(Erased::end).orElse(RecordedEnd.NONE);
    }
    SessionFile last = recorded.getLast();
    List<Fragment> fragments = last.fragments();
    long[] lastDtsUs = new long[Track.MAX_TRACKS];
    Arrays.fill(lastDtsUs, Long.MIN_VALUE);
    int at = fragments.size() - 1;
    try (FileChannel channel = last.open()) {
      // Further back only where the last fragment has no packet of a track, or no keyframe.
      for (int looked = 0; at >= 0 && looked < LAST_FRAGMENTS; at--, looked++) {
        for (SessionPacket packet : last.packets(channel, fragments.get(at))) {
          lastDtsUs[packet.track()] = Math.max(lastDtsUs[packet.track()], packet.dtsUs());
        }
        boolean isKnown =
            last.head().tracks().stream()
                .allMatch(track -> lastDtsUs[track.index()] != Long.MIN_VALUE);
        if (isKnown && fragments.get(at).isStart()) {
          break;
        }
      }
    }
    long resumeUs = fragments.get(Math.max(0, at)).startUs();
    return RecordedEnd.of(last.head().epoch(), lastDtsUs, resumeUs);
  }

  /**
   * Deletes the closed files that end at or before a stream time. Blocking.
   *
   * @return those that are gone, or go when nobody reads them any more
   */
  public List<SessionFile> deleteUpTo(long endUs) throws IOException {
    List<SessionFile> all = files();
    List<SessionFile> old =
        all.stream().filter(file -> !file.isGrowing() && file.toUs() <= endUs).toList();
    if (!old.isEmpty() && old.size() == all.size()) {
      SessionFile last = old.getLast();
      new Erased(last.head().epoch(), last.toUs()).write(dir);
    }
    for (SessionFile file : old) {
      delete(file);
    }
    return old;
  }

  /** Deletes a closed file, once nobody holds it any more; it is not found from now on. */
  public void delete(SessionFile file) throws IOException {
    if (file.isGrowing()) {
      throw new IllegalStateException(
          "a file that grows is not deleted [file=" + file.path() + "]");
    }
    forget(file);
    file.delete();
  }

  private synchronized void forget(SessionFile file) {
    files = files.stream().filter(each -> each != file).toList();
  }

  /** A writer that came to nothing has deleted its file. */
  public void closed(SessionWriter writer) {
    if (writer.file().fragmentCount() == 0) {
      forget(writer.file());
    }
  }

  public Path dir() {
    return dir;
  }
}
