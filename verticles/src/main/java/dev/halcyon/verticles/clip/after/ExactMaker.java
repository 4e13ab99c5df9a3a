package dev.halcyon.verticles.clip.after;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.ExactVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes clips' files for players that ignore edit lists, each once however many ask for it. A file
 * is in its place before its row says so; what is left without a row is the sweep's. Any thread.
 */
final class ExactMaker {
  private static final Logger log = LoggerFactory.getLogger(ExactMaker.class);
  private static final String CONTAINER = "mp4";

  /** The file, what its encoders made until it is written, and a sound of a higher bitrate. */
  private static final int ROOM_FACTOR = 3;

  private static final long ROOM_BYTES = 64L << 20;

  private final ExactVersions rows;
  private final ClipStore clips;
  private final BlobStore blobs;
  private final ClipRoom room;
  private final Metrics metrics;
  private final Bus bus;
  private final Clock clock;
  private final InHand<UUID, ClipVersion> inHand = new InHand<>();

  ExactMaker(
      ExactVersions rows,
      ClipStore clips,
      BlobStore blobs,
      ClipRoom room,
      Metrics metrics,
      Bus bus,
      Clock clock) {
    this.metrics = metrics;
    this.rows = rows;
    this.clips = clips;
    this.blobs = blobs;
    this.room = room;
    this.bus = bus;
    this.clock = clock;
  }

  /**
   * The version, which is made when it is not there; listeners are told then.
   *
   * @param desk does the work
   */
  CompletableFuture<ClipVersion> make(WorkDesk desk, Clip clip) {
    return inHand.join(clip.id(), () -> desk.submit(clip.workspaceId(), () -> present(clip)));
  }

  private ClipVersion present(Clip clip) throws IOException {
    Optional<ClipVersion> there = RowAnswer.await(rows.find(clip.id()));
    if (there.isPresent() && isKept(keyOf(clip, there.get()))) {
      return there.get();
    }
    ClipVersion source = source(clip);
    BlobKey key = BlobKey.fresh(clip.workspaceId(), clip.id(), CONTAINER);
    try (ClipRoom.Claim claim = room.claim(ROOM_FACTOR * source.sizeBytes() + ROOM_BYTES)) {
      log.debug("an exact file [clip={}, mostBytes={}]", clip.id(), claim.bytes());
      Path staged = blobs.stage(key);
      long startNs = clock.nanoTime();
      try {
        CutResult result =
            SmartCut.make(blobs.fetch(keyOf(clip, source)), source.contract(), staged);
        blobs.commit(staged, key);
        ClipVersion made = kept(clip, key, result);
        metrics.exactMade(clock.nanoTime() - startNs);
        return made;
      } catch (IOException | RuntimeException failure) {
        metrics.exactFailed();
        throw failure;
      } finally {
        Files.deleteIfExists(staged);
      }
    }
  }

  private static ClipVersion source(Clip clip) {
    ClipVersion source =
        clip.instant()
            .orElseThrow(() -> new HalcyonException(ErrorCode.NOT_FOUND, "the clip has no file"));
    if (!source.container().equals(CONTAINER)) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "an exact file is made of an MP4 only");
    }
    return source;
  }

  private static BlobKey keyOf(Clip clip, ClipVersion version) {
    return BlobKey.parse(clip.workspaceId(), version.blobKey());
  }

  private boolean isKept(BlobKey key) throws IOException {
    try {
      return blobs.sizeBytes(key) > 0;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private ClipVersion kept(Clip clip, BlobKey key, CutResult result) throws IOException {
    Optional<ExactVersions.Kept> kept;
    try {
      kept =
          RowAnswer.await(
              rows.put(clip.id(), CONTAINER, key.text(), result.sizeBytes(), result.contract()));
    } catch (IOException | RuntimeException failure) {
      blobs.delete(key);
      throw failure;
    }
    if (kept.isEmpty()) {
      blobs.delete(key);
      throw new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "the clip is gone");
    }
    kept.get().replaced().ifPresent(old -> drop(clip.workspaceId(), old));
    tell(clip.id());
    return new ClipVersion(
        kept.get().version(),
        ClipVersion.Kind.EXACT,
        CONTAINER,
        key.text(),
        result.sizeBytes(),
        result.contract());
  }

  /** Its row names another one. */
  private void drop(UUID workspaceId, String blobKey) {
    try {
      blobs.delete(BlobKey.parse(workspaceId, blobKey));
    } catch (IOException failure) {
      log.warn("a file without a row stays until the next sweep [key={}]", blobKey, failure);
    }
  }

  /** A clip that was deleted meanwhile is not found, and nothing is told of it. */
  private void tell(UUID clipId) {
    clips
        .any(clipId)
        .onSuccess(
            found ->
                found.ifPresent(
                    clip ->
                        bus.publish(
                            Addresses.CLIP_EVENT, new ClipEvent.Updated(clip, clock.now()))))
        .onFailure(failure -> log.warn("nobody was told [clip={}]", clipId, failure));
  }
}
