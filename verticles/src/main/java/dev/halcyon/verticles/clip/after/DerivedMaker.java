package dev.halcyon.verticles.clip.after;

import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.codecs.format.ClipRemux;
import dev.halcyon.codecs.format.PreviewMaker;
import dev.halcyon.codecs.format.PreviewShape;
import dev.halcyon.codecs.format.RemuxContainer;
import dev.halcyon.codecs.format.StripMaker;
import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.codecs.video.StillImage;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.DerivedStore;
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
 * Makes other forms of clips, each once however many ask for it. A file is in its place before its
 * row says so; what is left without a row is the sweep's. Any thread.
 */
final class DerivedMaker {
  private static final Logger log = LoggerFactory.getLogger(DerivedMaker.class);

  /** Of a clip; the oldest make room for the next. Each is a few megabytes at most. */
  private static final int MAX_PREVIEWS = 8;

  private static final long SMALL_BYTES = 64L << 20;

  /** An exact file beside it; and encoded anew, a clip of a low bitrate grows. */
  private static final int REMUX_GROWTH = 4;

  private final DerivedStore rows;
  private final BlobStore blobs;
  private final ClipRoom room;
  private final Metrics metrics;
  private final Clock clock;
  private final InHand<Key, DerivedFile> inHand = new InHand<>();

  private record Key(UUID clipId, int version, DerivedForm form) {}

  DerivedMaker(DerivedStore rows, BlobStore blobs, ClipRoom room, Metrics metrics, Clock clock) {
    this.rows = rows;
    this.blobs = blobs;
    this.room = room;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The file, which is made when it is not there. */
  CompletableFuture<DerivedFile> make(
      WorkDesk desk, Clip clip, ClipVersion version, DerivedForm form) {
    return inHand.join(
        new Key(clip.id(), version.version(), form),
        () -> desk.submit(clip.workspaceId(), () -> present(clip, version, form)));
  }

  /** As {@link #make}, but whoever asks for the same does not wait until its turn comes. */
  CompletableFuture<Void> makeBehind(
      WorkDesk desk, Clip clip, ClipVersion version, DerivedForm form) {
    Key key = new Key(clip.id(), version.version(), form);
    return desk.submit(
        clip.workspaceId(),
        () -> {
          CompletableFuture<DerivedFile> mine = new CompletableFuture<>();
          if (inHand.join(key, () -> mine) == mine) {
            try {
              mine.complete(present(clip, version, form));
            } catch (IOException | RuntimeException | Error failure) {
              mine.completeExceptionally(failure);
              throw failure;
            }
          }
          return null;
        });
  }

  private DerivedFile present(Clip clip, ClipVersion version, DerivedForm form) throws IOException {
    Optional<DerivedFile> there = RowAnswer.await(rows.find(clip.id(), version.version(), form));
    if (there.isPresent() && isKept(keyOf(clip, there.get().blobKey()))) {
      return there.get();
    }
    Path source = source(clip, version, form);
    BlobKey key = BlobKey.fresh(clip.workspaceId(), clip.id(), form.extension());
    try (ClipRoom.Claim _ = room.claim(mostBytes(form, Files.size(source)))) {
      Path staged = blobs.stage(key);
      try {
        Optional<StripGrid> grid = write(form, version, source, staged);
        DerivedFile file =
            new DerivedFile(
                clip.id(),
                version.version(),
                form,
                key.text(),
                Files.size(staged),
                FileMeasurer.sha256(staged),
                grid,
                clock.now());
        blobs.commit(staged, key);
        return kept(file, key);
      } finally {
        Files.deleteIfExists(staged);
      }
    }
  }

  private static BlobKey keyOf(Clip clip, String blobKey) {
    return BlobKey.parse(clip.workspaceId(), blobKey);
  }

  private boolean isKept(BlobKey key) throws IOException {
    try {
      return blobs.sizeBytes(key) > 0;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private Path source(Clip clip, ClipVersion version, DerivedForm form) throws IOException {
    Optional<Path> exact =
        form instanceof DerivedForm.Remuxed && version.kind() == ClipVersion.Kind.INSTANT
            ? exact(clip)
            : Optional.empty();
    if (exact.isPresent()) {
      return exact.get();
    }
    String blobKey =
        form instanceof DerivedForm.PosterWebp
            ? clip.posterKey().orElseThrow(() -> gone("the clip has no poster"))
            : version.blobKey();
    Path source = blobs.fetch(keyOf(clip, blobKey));
    if (Files.notExists(source)) {
      throw gone("the file of which it would be made is not there");
    }
    return source;
  }

  /** The clip's exact file, should there be one: it shows the same. */
  private Optional<Path> exact(Clip clip) throws IOException {
    for (ClipVersion version : clip.versions()) {
      BlobKey key = keyOf(clip, version.blobKey());
      if (version.kind() == ClipVersion.Kind.EXACT && isKept(key)) {
        return Optional.of(blobs.fetch(key));
      }
    }
    return Optional.empty();
  }

  private static HalcyonException gone(String what) {
    return new HalcyonException(ErrorCode.NOT_FOUND, what);
  }

  private static long mostBytes(DerivedForm form, long sourceBytes) {
    return form instanceof DerivedForm.Remuxed
        ? REMUX_GROWTH * sourceBytes + SMALL_BYTES
        : SMALL_BYTES;
  }

  /**
   * @return the grid of a strip
   */
  private static Optional<StripGrid> write(
      DerivedForm form, ClipVersion version, Path source, Path target) throws IOException {
    switch (form) {
      case DerivedForm.Remuxed(DerivedForm.Container container) ->
          remux(
              version,
              source,
              switch (container) {
                case MKV -> RemuxContainer.MATROSKA;
                case TS -> RemuxContainer.MPEG_TS;
              },
              target);
      case DerivedForm.Animated animated -> {
        PreviewShape shape =
            new PreviewShape(
                animated.widthPx(), animated.fps(), animated.fromUs(), animated.lengthUs());
        switch (animated.animation()) {
          case GIF -> PreviewMaker.gif(source, shape, target);
          case WEBP -> PreviewMaker.webp(source, shape, target);
        }
      }
      case DerivedForm.PosterWebp poster ->
          Files.write(target, StillImage.webpOf(Files.readAllBytes(source)));
      case DerivedForm.Strip strip -> {
        return Optional.of(StripMaker.make(source, target));
      }
    }
    return Optional.empty();
  }

  /** By way of an exact file where the clip needs its edit list. */
  private static void remux(ClipVersion version, Path source, RemuxContainer container, Path target)
      throws IOException {
    boolean hasEditList =
        version.kind() == ClipVersion.Kind.INSTANT && version.container().equals("mp4");
    if (!hasEditList || ClipRemux.isCopied(source, container)) {
      ClipRemux.make(source, target, container);
      return;
    }
    Path exact = target.resolveSibling(target.getFileName() + ".mp4");
    try {
      SmartCut.make(source, version.contract(), exact);
      ClipRemux.make(exact, target, container);
    } catch (HalcyonException refused) {
      if (refused.code() != ErrorCode.UNSUPPORTED_MEDIA) {
        throw refused;
      }
      ClipRemux.make(source, target, container);
    } finally {
      Files.deleteIfExists(exact);
    }
  }

  private DerivedFile kept(DerivedFile file, BlobKey key) throws IOException {
    DerivedStore.Kept outcome;
    try {
      outcome = RowAnswer.await(rows.put(file));
    } catch (IOException | RuntimeException failure) {
      blobs.delete(key);
      throw failure;
    }
    switch (outcome) {
      case DerivedStore.Kept.Now(Optional<String> replaced) -> {
        metrics.clipDerived(file.form().kind());
        replaced.ifPresent(old -> drop(key.workspaceId(), old));
        if (file.form() instanceof DerivedForm.Animated) {
          RowAnswer.await(rows.dropOldPreviews(file.clipId(), MAX_PREVIEWS))
              .forEach(old -> drop(key.workspaceId(), old));
        }
        return file;
      }
      case DerivedStore.Kept.No() -> {
        blobs.delete(key);
        throw new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "the clip is gone");
      }
    }
  }

  /** Its row is gone already. */
  private void drop(UUID workspaceId, String blobKey) {
    try {
      blobs.delete(BlobKey.parse(workspaceId, blobKey));
    } catch (IOException failure) {
      log.warn("a file without a row stays until the next sweep [key={}]", blobKey, failure);
    }
  }
}
