package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the posters that earlier runs of this node promised and did not come to, of the newest
 * clips first: a promise that stays empty is taken back by the sweep. It ends once nothing is left
 * to make; a store may be away at first. One event loop, one call at a time.
 */
final class MissingPosters {
  private static final Logger log = LoggerFactory.getLogger(MissingPosters.class);

  /** A killed node leaves a few; more than these are no work of its end. */
  private static final int MOST_CLIPS_SEEN = 500;

  /** Others wait meanwhile: for their own posters, and for the end of a node that is told to. */
  private static final int MOST_AT_ONCE = 16;

  private final Vertx vertx;
  private final ClipStore clips;
  private final BlobStore blobs;
  private final PosterDesk desk;
  private final Instant startedAt;

  /** What cannot be made must not keep the others from it. */
  private final Set<UUID> tried = new HashSet<>();

  private boolean isDone;

  /** A poster that is not there, of a clip's file that is. */
  private record Missing(UUID clipId, BlobKey media, OptionalLong momentUs, BlobKey poster) {
    static Optional<Missing> of(Clip clip) {
      Optional<ClipVersion> file = clip.instant().or(clip::latest);
      Optional<BlobKey> media = file.flatMap(version -> BlobKey.read(version.blobKey()));
      Optional<BlobKey> poster = clip.posterKey().flatMap(BlobKey::read);
      if (media.isEmpty() || poster.isEmpty()) {
        return Optional.empty();
      }
      long startUs = file.orElseThrow().contract().deliveredStartUs();
      OptionalLong momentUs = clip.momentUs().stream().map(us -> us - startUs).findFirst();
      return Optional.of(new Missing(clip.id(), media.get(), momentUs, poster.get()));
    }
  }

  /**
   * @param isAll whether nothing else is missing, here or in a store that is away
   */
  private record Found(List<Missing> posters, boolean isAll) {}

  /**
   * @param startedAt posters of later clips are made with them
   */
  MissingPosters(
      Vertx vertx, ClipStore clips, BlobStore blobs, PosterDesk desk, Instant startedAt) {
    this.vertx = vertx;
    this.clips = clips;
    this.blobs = blobs;
    this.desk = desk;
    this.startedAt = startedAt;
  }

  /** Makes some of them, one after the other. Fails when rows or files cannot be looked at now. */
  Future<Void> makeSome() {
    if (isDone) {
      return Future.succeededFuture();
    }
    return clips
        .promisingPosters(startedAt, MOST_CLIPS_SEEN)
        .map(promising -> promising.stream().filter(clip -> !tried.contains(clip.id())).toList())
        .compose(promising -> vertx.executeBlocking(() -> find(promising), false))
        .compose(
            found -> makeEach(found.posters().iterator()).onSuccess(all -> isDone = found.isAll()));
  }

  private Found find(List<Clip> promising) throws IOException {
    List<Missing> posters = new ArrayList<>();
    boolean isAll = true;
    for (Clip clip : promising) {
      Optional<Missing> promised = Missing.of(clip);
      if (promised.isEmpty() || PosterDesk.isThere(blobs, promised.get().poster())) {
        continue;
      }
      if (posters.size() == MOST_AT_ONCE) {
        return new Found(posters, false);
      }
      if (PosterDesk.isThere(blobs, promised.get().media())) {
        posters.add(promised.get());
      } else {
        isAll = false;
      }
    }
    return new Found(posters, isAll);
  }

  private Future<Void> makeEach(Iterator<Missing> posters) {
    if (!posters.hasNext()) {
      return Future.succeededFuture();
    }
    Missing next = posters.next();
    tried.add(next.clipId());
    Future<Void> made = desk.makeMissing(next.media(), next.momentUs(), next.poster());
    return Future.fromCompletionStage(made.toCompletionStage(), vertx.getOrCreateContext())
        .onSuccess(done -> log.info("poster made late [clip={}]", next.clipId()))
        .otherwise(
            failure -> {
              log.warn("no poster [clip={}]", next.clipId(), failure);
              return null;
            })
        .compose(done -> makeEach(posters));
  }
}
