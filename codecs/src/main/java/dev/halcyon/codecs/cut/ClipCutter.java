package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutPlanner;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/**
 * Cuts instant clips: packets of a timeline copied into an MP4, or VP8 into WebM. Blocks on reading
 * and writing; call it from a platform thread. No state; any number of threads.
 */
public final class ClipCutter {
  private ClipCutter() {}

  /**
   * Cuts a window that has closed (see {@link dev.halcyon.core.cut.WindowWatch}); of one that has
   * not, what is there. The file appears at {@code target} whole or not at all, and replaces what
   * was there. It is not forced to the disk. Should a writer overtake a clamped window while it is
   * read, it is planned once more.
   *
   * @throws HalcyonException RANGE_NOT_HELD, EPOCH_CROSSED as {@link CutPlanner#plan} says;
   *     RING_OVERRUN when the writer overtook the cut; RING_CORRUPT or RECORDING_CORRUPT on a
   *     damaged packet; UNSUPPORTED_MEDIA when the file cannot carry a codec; INSUFFICIENT_STORAGE
   *     or IO_FAILED when the file cannot be written
   */
  public static CutResult cut(Timeline timeline, CutRequest request, Path target) {
    try {
      return cutOnce(timeline, request, target);
    } catch (HalcyonException overtaken) {
      if (overtaken.code() != ErrorCode.RING_OVERRUN
          || request.outside() != CutRequest.Outside.CLAMP) {
        throw overtaken;
      }
      return cutOnce(timeline, request, target);
    }
  }

  private static CutResult cutOnce(Timeline timeline, CutRequest request, Path target) {
    try (Timeline.Window window = timeline.open(request)) {
      List<TrackPackets> tracks =
          EntryPoints.of(window.tracks(), request.fromUs(), window::payload);
      CutPlan plan = CutPlanner.plan(request, window.held(), tracks);
      return write(window, CodedFormats.completed(window, plan), target);
    }
  }

  private static CutResult write(Timeline.Window window, CutPlan plan, Path target) {
    ClipFile file = ClipFile.of(plan);
    Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      requireRoom(part, file.sizeBytes());
      String digest = write(window, plan, file, part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      return new CutResult(
          plan.written(digest),
          file.container(),
          file.sizeBytes(),
          plan.tracks().stream()
              .map(track -> new Track(track.index(), track.formats().getFirst()))
              .toList(),
          plan.nextEpoch());
    } catch (IOException failure) {
      delete(part, failure);
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "the clip cannot be written: " + failure, failure);
    } catch (RuntimeException failure) {
      delete(part, failure);
      throw failure;
    }
  }

  private static String write(Timeline.Window window, CutPlan plan, ClipFile file, Path part)
      throws IOException {
    try (Timeline.Payloads payloads = new EnteredPayloads(plan, window.payloads(plan));
        FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return file.write(out, payloads);
    }
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
}
