package dev.halcyon.verticles.job;

import dev.halcyon.codecs.verify.FileMeasurer;
import dev.halcyon.codecs.verify.RenderedContract;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.RenderFacts;
import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.JobClipStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs' clips as rows and files of the server. A file is in its place before its row says so; what
 * is left without a row is the sweep's.
 */
public final class StoredJobClips implements JobClips {
  private static final Logger log = LoggerFactory.getLogger(StoredJobClips.class);

  private final ClipStore clips;
  private final JobClipStore rows;
  private final BlobStore blobs;
  private final ClipRoom room;
  private final Bus bus;
  private final Clock clock;

  public StoredJobClips(
      ClipStore clips, JobClipStore rows, BlobStore blobs, ClipRoom room, Bus bus, Clock clock) {
    this.clips = clips;
    this.rows = rows;
    this.blobs = blobs;
    this.room = room;
    this.bus = bus;
    this.clock = clock;
  }

  @Override
  public void choose(UUID workspaceId, UUID jobId, List<Chosen> chosen) {
    Instant now = clock.now().truncatedTo(ChronoUnit.MICROS);
    ClipOrigin job = new ClipOrigin.OfJob(jobId);
    for (int rank = 0; rank < chosen.size(); rank++) {
      // Lists show the newest first: that is to be the best.
      Instant at = now.minus(rank, ChronoUnit.MICROS);
      await(clips.insert(clip(chosen.get(rank), workspaceId, job, at)));
    }
  }

  private static Clip clip(Chosen chosen, UUID workspaceId, ClipOrigin job, Instant at) {
    ClipCandidate candidate = chosen.candidate();
    return new Clip(
        chosen.clipId(),
        workspaceId,
        job,
        ClipStatus.REQUESTED,
        candidate.title(),
        candidate.description(),
        candidate.hashtags(),
        candidate.fromUs(),
        candidate.toUs(),
        candidate.score(),
        ClipReason.selection(candidate),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        at);
  }

  @Override
  public RenderWish wishOf(UUID clipId) {
    return await(rows.wishOf(clipId));
  }

  @Override
  public void rendering(UUID clipId) {
    await(rows.rendering(clipId)).ifPresent(clip -> tell(new ClipEvent.Updated(clip, clock.now())));
  }

  @Override
  public void rendered(UUID clipId, Rendered file) {
    Optional<Clip> found = await(rows.kept(clipId));
    if (found.isEmpty()) {
      return; // It was deleted for good meanwhile.
    }
    Clip before = found.get();
    try {
      String sha256 = FileMeasurer.sha256(file.video());
      if (before.latest().filter(newest -> isSame(newest, sha256)).isPresent()) {
        await(rows.asBefore(clipId));
        await(rows.kept(clipId)).ifPresent(clip -> tell(new ClipEvent.Updated(clip, clock.now())));
      } else if (add(before, file, sha256)) {
        before.posterKey().ifPresent(key -> dropPoster(before, key));
        await(rows.kept(clipId)).ifPresent(clip -> tell(news(before, clip)));
      }
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure), "a clip cannot be kept: " + failure.getMessage(), failure);
    }
  }

  private static boolean isSame(ClipVersion version, String sha256) {
    return version.contract().sha256().equals(sha256)
        && version.state() == ClipVersion.FileState.KEPT;
  }

  private ClipEvent news(Clip before, Clip now) {
    return before.latest().isEmpty()
        ? new ClipEvent.Ready(now, clock.now())
        : new ClipEvent.Rendered(now, clock.now());
  }

  /** Whether it has been added: not to a clip that is gone. */
  private boolean add(Clip clip, Rendered file, String sha256) throws IOException {
    BlobKey video = BlobKey.fresh(clip.workspaceId(), clip.id(), "mp4");
    Optional<BlobKey> poster =
        file.poster().map(made -> BlobKey.fresh(clip.workspaceId(), clip.id(), "jpg"));
    store(file.video(), video);
    if (poster.isPresent()) {
      store(file.poster().orElseThrow(), poster.get());
    }
    // Without an answer nobody knows whether there is a row: the files stay, for it or the sweep.
    boolean isAdded = await(rows.add(version(clip, file, sha256, video, poster)));
    if (!isAdded) {
      blobs.delete(video);
      if (poster.isPresent()) {
        blobs.delete(poster.get());
      }
    }
    return isAdded;
  }

  private JobClipStore.Version version(
      Clip clip, Rendered file, String sha256, BlobKey video, Optional<BlobKey> poster)
      throws IOException {
    return new JobClipStore.Version(
        clip.id(),
        video.text(),
        Files.size(file.video()),
        RenderedContract.of(file.video(), file.spec(), sha256),
        facts(file),
        file.spec(),
        file.source(),
        poster.map(BlobKey::text));
  }

  private static RenderFacts facts(Rendered file) {
    return new RenderFacts(
        file.spec().sha256(),
        file.spec().picture().widthPx(),
        file.spec().picture().heightPx(),
        number(file.facts(), "integrated_lufs"),
        number(file.facts(), "true_peak_dbtp"));
  }

  private static OptionalDouble number(JsonObject facts, String name) {
    Double value = facts.getDouble(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private void store(Path file, BlobKey key) throws IOException {
    try (ClipRoom.Claim _ = room.claim(Files.size(file))) {
      Path staged = blobs.stage(key);
      try {
        Files.copy(file, staged);
        blobs.commit(staged, key);
      } finally {
        Files.deleteIfExists(staged);
      }
      blobs.force(key);
    }
  }

  /** The row names another one. */
  private void dropPoster(Clip clip, String key) {
    try {
      if (!await(rows.kept(clip.id())).flatMap(Clip::posterKey).equals(Optional.of(key))) {
        blobs.delete(BlobKey.parse(clip.workspaceId(), key));
      }
    } catch (IOException failure) {
      log.warn("a poster without a row stays until the next sweep [key={}]", key, failure);
    }
  }

  @Override
  public void failed(UUID clipId, String why) {
    await(rows.failed(clipId, why)).forEach(this::tellFailed);
  }

  @Override
  public void abandon(UUID jobId, String why) {
    await(rows.abandoned(jobId, why)).forEach(this::tellFailed);
  }

  private void tellFailed(Clip clip) {
    tell(
        clip.status() == ClipStatus.FAILED
            ? new ClipEvent.Failed(clip, clock.now())
            : new ClipEvent.Updated(clip, clock.now()));
  }

  /** Of a deleted clip nobody is told; it may be taken back. */
  private void tell(ClipEvent event) {
    if (event instanceof ClipEvent.WithClip told && !told.clip().curation().isDeleted()) {
      bus.publish(Addresses.CLIP_EVENT, (Record) event);
    }
  }

  private static <T> T await(Future<T> answer) {
    try {
      return Database.await(answer);
    } catch (IOException failure) {
      if (failure.getCause() instanceof HalcyonException stated) {
        throw stated;
      }
      throw new HalcyonException(ErrorCode.INTERNAL, "the database refused a clip", failure);
    }
  }
}
