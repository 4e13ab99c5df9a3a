package dev.halcyon.verticles.clip;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRows.Outcome;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipChange;
import dev.halcyon.verticles.store.ClipEdits;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class ClipAnnouncerTest {
  private static final Instant NOW = Instant.parse("2026-11-20T13:00:00Z");

  private final BlockingQueue<ClipEvent> events = new LinkedBlockingQueue<>();
  private final Metrics metrics = new Metrics();
  @TempDir Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.install(vertx);
  private ClipStore store;
  private ClipEdits edits;
  private ClipPurges purges;
  private StreamStore streams;
  private LocalBlobStore blobs;
  private ClipAnnouncer announcer;
  private Clip open;

  @BeforeEach
  void start(Database database) throws IOException {
    store = new ClipStore(database.pool());
    edits = new ClipEdits(database.pool());
    purges = new ClipPurges(database.pool());
    streams = new StreamStore(database.pool());
    blobs = LocalBlobStore.open(folder);
    announcer = new ClipAnnouncer(vertx, streams, store, blobs, metrics, Clock.system());
    open = ClipRowsTest.opened(database);
    bus.<ClipEvent>onFact(
        Addresses.CLIP_EVENT,
        event -> {
          if (event.origin().equals(open.origin())) {
            events.add(event);
          }
        });
  }

  @AfterEach
  void stop() {
    metrics.close();
    await(vertx.close());
  }

  @Test
  void aClipDeletedWhileItWasOpenIsKeptInSilence() throws Exception {
    await(announcer.opened(open, 0));
    assertInstanceOf(ClipEvent.Opened.class, next());
    assertFalse(announcer.isDrained(open.origin().id()));
    delete();
    BlobKey media = kept("mp4");

    assertEquals(new Outcome.Hidden(), await(seal(open, media, Optional.empty())));
    assertTrue(announcer.isDrained(open.origin().id()));
    assertTrue(events.isEmpty(), events::toString);
    assertTrue(Files.exists(blobs.fileOf(media)));
    Clip restored = await(edits.restore(open.workspaceId(), List.of(open.id()), NOW)).getFirst();
    assertEquals(ClipStatus.SEALED, restored.status());
  }

  @Test
  void aClipPurgedWhileItWasOpenLeavesNoFileAndNoNews() throws Exception {
    await(announcer.opened(open, 0));
    assertInstanceOf(ClipEvent.Opened.class, next());
    purge();
    BlobKey media = kept("mp4");

    assertEquals(new Outcome.Gone(), await(seal(open, media, Optional.empty())));
    until(() -> !Files.exists(blobs.fileOf(media)));
    assertTrue(announcer.isDrained(open.origin().id()));
    assertTrue(events.isEmpty(), events::toString);
  }

  @Test
  void aClipPurgedBeforeItsPosterLeavesNoPoster() throws Exception {
    BlobKey poster = kept("jpg");
    Future<Outcome> sealed = seal(open, kept("mp4"), Optional.of(poster.text()));
    await(sealed);
    purge();

    announcer.poster(Future.succeededFuture(), sealed, open);
    until(() -> !Files.exists(blobs.fileOf(poster)));
  }

  @Test
  void announcesWhatPeopleChangedBeforeTheSeal() throws Exception {
    await(announcer.opened(open, 0));
    assertInstanceOf(ClipEvent.Opened.class, next());
    ClipChange change =
        new ClipChange(
            Optional.of("Mine"), Optional.empty(), Optional.of(List.of("#a")), Optional.empty());
    await(edits.change(open.workspaceId(), open.id(), OptionalLong.empty(), change, owner(), NOW));

    seal(open, kept("mp4"), Optional.empty());
    ClipEvent.Ready ready = assertInstanceOf(ClipEvent.Ready.class, next());
    assertEquals("Mine", ready.clip().title());
    assertEquals(List.of("#a"), ready.clip().hashtags());
    assertEquals(1, ready.clip().curation().revision());
  }

  @Test
  void aPosterThatCannotBeMadeIsNotPromised() throws Exception {
    BlobKey media = kept("mp4");
    Future<Outcome> sealed = seal(open, media, Optional.of("never"));
    await(sealed);
    Clip bare = open.sealed(version(media), Optional.empty());

    announcer.poster(Future.failedFuture("no picture"), sealed, bare);
    until(() -> await(store.any(open.id())).equals(Optional.of(bare)));
    assertInstanceOf(ClipEvent.Ready.class, next());
    assertTrue(announcer.isDrained());
  }

  @Test
  void aClipThatTheDatabaseRefusesFails() throws Exception {
    Clip refused = ClipRowsTest.titled(open, "a\0b");
    BlobKey media = kept("mp4");

    assertEquals(new Outcome.Refused(), await(seal(refused, media, Optional.empty())));
    assertInstanceOf(ClipEvent.Failed.class, next());
    until(() -> !Files.exists(blobs.fileOf(media)) && announcer.isDrained());
  }

  private void delete() {
    await(edits.delete(open.workspaceId(), List.of(open.id()), NOW));
  }

  private void purge() {
    delete();
    await(purges.purge(NOW, NOW, 1_000));
  }

  private UUID owner() {
    return await(streams.any(open.origin().id())).orElseThrow().userId();
  }

  private Future<Outcome> seal(Clip clip, BlobKey media, Optional<String> poster) {
    return announcer.sealed(clip, clip.sealed(version(media), poster), 0, 0);
  }

  private static ClipVersion version(BlobKey media) {
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    return new ClipVersion(1, ClipVersion.Kind.INSTANT, "mp4", media.text(), 1, contract);
  }

  private BlobKey kept(String extension) throws IOException {
    BlobKey key = BlobKey.fresh(open.workspaceId(), open.id(), extension);
    Path staged = blobs.stage(key);
    Files.write(staged, new byte[1]);
    blobs.commit(staged, key);
    return key;
  }

  private ClipEvent next() throws InterruptedException {
    ClipEvent event = events.poll(10, TimeUnit.SECONDS);
    assertTrue(event != null, "no news");
    return event;
  }

  private void until(BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNs, "does not come");
      await(vertx.timer(10));
    }
  }
}
