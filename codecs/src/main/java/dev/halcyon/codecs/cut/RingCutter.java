package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutPlanner;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.HeldRange;
import dev.halcyon.ring.Lease;
import dev.halcyon.ring.Ring;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/**
 * Cuts instant clips: packets of a ring copied into an MP4, or VP8 into WebM. Blocks on reading and
 * writing; call it from a platform thread. No state; any number of threads.
 */
public final class RingCutter {
  /** 30 s: longer than a whole ring takes to copy. */
  private static final long LEASE_NS = 30_000_000_000L;

  private RingCutter() {}

  /**
   * Cuts a window that has closed (see {@link dev.halcyon.core.cut.WindowWatch}); of one that has
   * not, what is there. The file appears at {@code target} whole or not at all, and replaces what
   * was there. It is not forced to the disk. While it is made, the ring keeps the window as far as
   * its slack allows; should the writer still overtake a clamped one, it is planned once more.
   *
   * @throws HalcyonException RANGE_NOT_HELD, EPOCH_CROSSED as {@link CutPlanner#plan} says;
   *     RING_OVERRUN when the writer overtook the cut; RING_CORRUPT on a damaged packet;
   *     UNSUPPORTED_MEDIA when the file cannot carry a codec; INSUFFICIENT_STORAGE or IO_FAILED
   *     when the file cannot be written
   */
  public static CutResult cut(Ring ring, CutRequest request, Path target) {
    try {
      return cutOnce(ring, request, target);
    } catch (HalcyonException overtaken) {
      if (overtaken.code() != ErrorCode.RING_OVERRUN
          || request.outside() != CutRequest.Outside.CLAMP) {
        throw overtaken;
      }
      return cutOnce(ring, request, target);
    }
  }

  private static CutResult cutOnce(Ring ring, CutRequest request, Path target) {
    held(ring, request);
    try (Lease lease = lease(ring, request, System.nanoTime() + LEASE_NS)) {
      List<TrackPackets> tracks = RingScan.of(ring, request, lease.fromPosition());
      CutPlan plan = CutPlanner.plan(request, held(ring, request), tracks);
      return write(ring, CodedFormats.completed(ring, plan), target);
    }
  }

  /**
   * Keeps in the ring what a cut will read, as far as it is still there and the slack allows; the
   * caller closes it.
   *
   * @param deadlineNs when it ends by itself, on {@code System.nanoTime}
   * @throws HalcyonException RING_OVERRUN when the writer is faster
   */
  public static Lease lease(Ring ring, CutRequest request, long deadlineNs) {
    try {
      return ring.lease(RingScan.startOf(ring, request), deadlineNs);
    } catch (HalcyonException evicted) {
      // The tail moves by whole steps: what is oldest now stays so for a while.
      return ring.lease(ring.oldestPosition(), deadlineNs);
    }
  }

  private static CutResult write(Ring ring, CutPlan plan, Path target) {
    ClipFile file = ClipFile.of(plan);
    Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      requireRoom(part, file.sizeBytes());
      String digest = write(ring, plan, file, part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return new CutResult(
          plan.written(digest),
          file.container(),
          file.sizeBytes(),
          plan.tracks().stream()
              .map(track -> new Track(track.index(), track.formats().getFirst()))
              .toList());
    } catch (IOException failure) {
      delete(part, failure);
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the clip cannot be written: " + failure, failure);
    } catch (RuntimeException failure) {
      delete(part, failure);
      throw failure;
    }
  }

  private static String write(Ring ring, CutPlan plan, ClipFile file, Path part)
      throws IOException {
    try (RingPayloads payloads = new RingPayloads(ring, plan);
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return file.write(out, payloads);
    }
  }

  /** What is held of the window's epoch, or of all that the window touches. */
  static HeldSpan held(Ring ring, CutRequest request) {
    List<HeldRange> ranges =
        ring.held().stream()
            .filter(range -> request.epoch().orElse(range.epoch()) == range.epoch())
            .filter(range -> range.fromUs() < request.toUs() && range.toUs() > request.fromUs())
            .toList();
    if (ranges.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.RANGE_NOT_HELD,
          "nothing is held of " + request.fromUs() + ".." + request.toUs() + " us");
    }
    return new HeldSpan(ranges.getFirst().fromUs(), ranges.getLast().toUs());
  }

  private static void requireRoom(Path part, long sizeBytes) throws IOException {
    Path folder = part.toAbsolutePath().getParent();
    long freeBytes = Files.getFileStore(folder).getUsableSpace();
    if (freeBytes < sizeBytes) {
      throw new HalcyonException(
          ErrorCode.INSUFFICIENT_STORAGE,
          "the clip needs " + sizeBytes + " bytes, free are " + freeBytes);
    }
  }

  private static void delete(Path part, Exception because) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }

  static HalcyonException overrun() {
    return new HalcyonException(
        ErrorCode.RING_OVERRUN, "the stream overtook the cut: its packets are gone");
  }

  static HalcyonException closed() {
    return new HalcyonException(ErrorCode.IO_FAILED, "the ring was closed during the cut");
  }
}
