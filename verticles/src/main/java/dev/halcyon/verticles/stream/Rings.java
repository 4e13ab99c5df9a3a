package dev.halcyon.verticles.stream;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.RingSettings;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.verticles.store.StreamRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ring files of a node's streams and the room that they may take. Everything but {@link
 * #exists}, {@link #capacityBytes} and {@link #release} blocks on the disk. Any thread.
 */
public final class Rings {
  private static final Logger log = LoggerFactory.getLogger(Rings.class);
  private static final String ENDING = ".ring";
  private static final String DAMAGED = ".damaged-";
  private static final String FILES =
      "*" + ENDING + "{," + Ring.UNFINISHED_ENDING + "," + DAMAGED + "*}";

  private final RingSpace space;
  private final Path dir;
  private final long forceMs;

  /**
   * @param dir where ring files lie; made by {@link #adopt} when absent
   * @param forceMs what is older survives a loss of power; 0 leaves that to the system
   */
  public Rings(RingSpace space, Path dir, long forceMs) {
    this.space = space;
    this.dir = dir;
    this.forceMs = forceMs;
  }

  /**
   * Sets room aside for the streams that there are, and deletes the rings of those that are not.
   */
  public void adopt(List<StreamRow> rows) {
    try {
      Files.createDirectories(dir);
      deleteOrphans(rows.stream().map(row -> row.id().toString()).collect(Collectors.toSet()));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot use " + dir, failure);
    }
    for (StreamRow row : rows) {
      space.adopt(row.id(), capacityBytes(row.settings().ring()), () -> 0);
    }
  }

  private void deleteOrphans(Set<String> streams) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, FILES)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String stream = name.substring(0, name.indexOf(ENDING));
        if (!streams.contains(stream) || name.endsWith(Ring.UNFINISHED_ENDING)) {
          log.info("deleting a ring that no stream has [file={}]", file);
          Files.delete(file);
        }
      }
    }
  }

  /** The size of a ring with these settings. */
  long capacityBytes(RingSettings settings) {
    return space.capacityBytes(settings);
  }

  /** INSUFFICIENT_STORAGE when the room is not there. */
  void reserve(UUID stream, RingSettings settings) {
    space.reserve(stream, capacityBytes(settings));
  }

  /**
   * Changes the size of a stream's ring; nothing is lost that both sizes can hold.
   *
   * @param open the stream's ring, if it is open
   * @throws HalcyonException INSUFFICIENT_STORAGE when there is no room; nothing has changed then
   */
  void resize(UUID stream, RingSettings settings, Optional<Ring> open) {
    long bytes = capacityBytes(settings);
    long before = space.resize(stream, bytes);
    try {
      open.ifPresent(ring -> ring.resize(bytes, capacityUs(settings)));
    } catch (RuntimeException failure) {
      space.resize(stream, before);
      throw failure;
    }
  }

  /** Lets a ring that met a full disk grow again, once there is room for all that it should be. */
  void growAgain(UUID stream, RingSettings settings, Ring ring) {
    if (space.hasRoomFor(stream)) {
      ring.resize(capacityBytes(settings), capacityUs(settings));
      log.info("ring grows again [stream={}]", stream);
    }
  }

  private static long capacityUs(RingSettings settings) {
    return settings.capacityS() * 1_000_000L;
  }

  void release(UUID stream) {
    space.release(stream);
  }

  boolean exists(UUID stream) {
    return Files.exists(fileOf(stream));
  }

  /**
   * Opens a stream's ring, recovering it, or makes it. A file that is no ring any more is set aside
   * until the stream is deleted: it goes on with an empty one.
   */
  Ring open(UUID stream, RingSettings settings) {
    Path file = fileOf(stream);
    RingOptions options =
        new RingOptions(capacityBytes(settings), capacityUs(settings)).withForceEvery(forceMs);
    Ring ring =
        Files.exists(file) ? recovered(stream, file, options) : created(stream, file, options);
    space.adopt(stream, options.capacityBytes(), allocatedBytesOf(ring));
    return ring;
  }

  private Ring recovered(UUID stream, Path file, RingOptions options) {
    try {
      Ring ring = Ring.open(file, options);
      log.info("ring recovered [stream={}, report={}]", stream, ring.recovery());
      return ring;
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.RING_CORRUPT) {
        throw failure;
      }
      setAside(stream, file, failure);
      return created(stream, file, options);
    }
  }

  private Ring created(UUID stream, Path file, RingOptions options) {
    space.reserve(stream, options.capacityBytes());
    return Ring.create(file, options);
  }

  private void setAside(UUID stream, Path file, HalcyonException why) {
    Path aside = file.resolveSibling(file.getFileName() + DAMAGED + System.currentTimeMillis());
    try {
      deleteDamaged(stream); // one is enough: it is as large as the ring
      Files.move(file, aside);
    } catch (IOException failure) {
      failure.addSuppressed(why);
      throw new UncheckedIOException("cannot set " + file + " aside", failure);
    }
    log.error("ring unreadable, set aside [stream={}, file={}]", stream, aside, why);
  }

  private void deleteDamaged(UUID stream) throws IOException {
    String pattern = stream + ENDING + DAMAGED + "*";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, pattern)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  void delete(UUID stream) throws IOException {
    try {
      Files.deleteIfExists(fileOf(stream));
      deleteDamaged(stream);
    } finally {
      space.release(stream);
    }
  }

  /** Answers after the ring has been closed too, with what it was last. */
  private static LongSupplier allocatedBytesOf(Ring ring) {
    AtomicLong last = new AtomicLong();
    return () -> {
      try {
        last.set(ring.stats().allocatedBytes());
      } catch (IllegalStateException closed) {
        log.debug("ring is closed", closed);
      }
      return last.get();
    };
  }

  private Path fileOf(UUID stream) {
    return dir.resolve(stream + ENDING);
  }
}
