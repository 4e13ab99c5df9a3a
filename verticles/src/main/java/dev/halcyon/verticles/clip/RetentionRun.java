package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.clip.RetentionPolicy;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipEdits.Deleted;
import dev.halcyon.verticles.store.RetentionStore;
import dev.halcyon.verticles.store.WorkspaceStore;
import dev.halcyon.verticles.store.WorkspaceStore.Retention;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes, a few at a time, the clips that workspaces do not want to keep. Any thread. */
public final class RetentionRun {
  private static final Logger log = LoggerFactory.getLogger(RetentionRun.class);
  private static final int BATCH = 100;

  private final WorkspaceStore workspaces;
  private final RetentionStore clips;
  private final Bus bus;
  private final ClipPolicy policy;
  private final Clock clock;

  public RetentionRun(
      WorkspaceStore workspaces, RetentionStore clips, Bus bus, ClipPolicy policy, Clock clock) {
    this.workspaces = workspaces;
    this.clips = clips;
    this.bus = bus;
    this.policy = policy;
    this.clock = clock;
  }

  public Future<Void> run() {
    return workspaces.withRetention().compose(all -> next(all.iterator()));
  }

  private Future<Void> next(Iterator<Retention> workspaces) {
    if (!workspaces.hasNext()) {
      return Future.succeededFuture();
    }
    return apply(workspaces.next()).compose(done -> next(workspaces));
  }

  private Future<Void> apply(Retention workspace) {
    RetentionPolicy wanted = workspace.policy();
    Future<Void> done = Future.succeededFuture();
    if (wanted.days().isPresent()) {
      Instant before = clock.now().minus(Duration.ofDays(wanted.days().getAsInt()));
      done =
          whileFull(
              () ->
                  clips.hideOlder(
                      workspace.workspaceId(), wanted.keepsApproved(), before, clock.now(), BATCH));
    }
    if (wanted.maxBytes().isPresent()) {
      done =
          done.compose(
              older ->
                  whileFull(
                      () ->
                          clips.hideBeyond(
                              workspace.workspaceId(),
                              wanted.keepsApproved(),
                              wanted.maxBytes().getAsLong(),
                              clock.now(),
                              BATCH)));
    }
    return done;
  }

  private Future<Void> whileFull(Supplier<Future<List<Deleted>>> batch) {
    return batch
        .get()
        .onSuccess(this::tell)
        .compose(hidden -> hidden.size() < BATCH ? Future.succeededFuture() : whileFull(batch));
  }

  private void tell(List<Deleted> hidden) {
    Instant now = clock.now();
    for (Deleted clip : hidden) {
      bus.publish(
          Addresses.CLIP_EVENT,
          new ClipEvent.Deleted(
              clip.workspaceId(), clip.origin(), clip.id(), now, policy.restorableUntil(now)));
    }
    if (!hidden.isEmpty()) {
      log.info(
          "clips deleted by retention [workspace={}, clips={}]",
          hidden.getFirst().workspaceId(),
          hidden.size());
    }
  }
}
