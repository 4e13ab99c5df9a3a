package dev.halcyon.verticles.clip;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.derive.StripGrid;
import dev.halcyon.verticles.api.TestClock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.store.ClipEdits;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.DerivedStore;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class ClipPurgeTest {
  private static final Duration UNDO = Duration.ofHours(2);

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private ClipStore store;
  private ClipEdits edits;
  private ClipPurges purges;
  private LocalBlobStore blobs;
  private ClipPurge purge;
  private Clip clip;
  private Path file;

  @BeforeEach
  void sealedClip(Vertx vertx, Database database) throws IOException {
    store = new ClipStore(database.pool());
    edits = new ClipEdits(database.pool());
    purges = new ClipPurges(database.pool());
    blobs = LocalBlobStore.open(folder);
    purge = new ClipPurge(vertx, purges, blobs, new ClipPolicy(UNDO), clock);
    Clip open = ClipRowsTest.opened(database);
    BlobKey key = BlobKey.fresh(open.workspaceId(), open.id(), "mp4");
    Path staged = blobs.stage(key);
    Files.write(staged, new byte[1]);
    blobs.commit(staged, key);
    file = blobs.fileOf(key);
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    clip =
        open.sealed(
            new ClipVersion(1, ClipVersion.Kind.INSTANT, "mp4", key.text(), 1, contract),
            Optional.empty());
    await(store.update(clip));
  }

  @Test
  void leavesADeletedClipAloneAsLongAsItCanBeTakenBack() {
    delete();
    clock.advance(UNDO.minusMinutes(1));
    await(purge.run());
    assertTrue(Files.exists(file));
    assertEquals(1, await(edits.restore(clip.workspaceId(), ids(), clock.now())).size());
    clock.advance(UNDO);
    await(purge.run());
    assertTrue(Files.exists(file));
    assertTrue(await(store.any(clip.id())).isPresent());
  }

  @Test
  void takesFilesAndContentAwayAfterThat() {
    delete();
    clock.advance(UNDO.plusMinutes(1));
    await(purge.run());
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(file.getParent()));
    assertEquals(List.of(), await(edits.restore(clip.workspaceId(), ids(), clock.now())));
    assertEquals(Optional.empty(), await(store.update(clip)));
    assertTrue(waiting().isEmpty());
  }

  @Test
  void takesWhatWasMadeOfItAwayToo(Database database) throws IOException {
    DerivedStore derived = new DerivedStore(database.pool());
    DerivedForm form = new DerivedForm.Strip();
    DerivedFile strip = derived(form);
    assertEquals(new DerivedStore.Kept.Now(Optional.empty()), await(derived.put(strip)));
    assertEquals(Optional.of(strip), await(derived.find(clip.id(), 1, form)));
    delete();
    clock.advance(UNDO.plusMinutes(1));
    await(purges.purge(clock.now().minus(UNDO), clock.now(), 1_000));
    // Whoever was making one while the clip went is told so.
    assertEquals(new DerivedStore.Kept.No(), await(derived.put(derived(form))));
    await(purge.run());
    assertFalse(Files.exists(file.getParent()));
    assertEquals(Optional.empty(), await(derived.find(clip.id(), 1, form)));
  }

  private DerivedFile derived(DerivedForm form) throws IOException {
    BlobKey key = BlobKey.fresh(clip.workspaceId(), clip.id(), form.extension());
    Path staged = blobs.stage(key);
    Files.write(staged, new byte[3]);
    blobs.commit(staged, key);
    return new DerivedFile(
        clip.id(),
        1,
        form,
        key.text(),
        3,
        "a".repeat(64),
        Optional.of(StripGrid.of(2_000_000, 160, 90)),
        clock.now());
  }

  @Test
  void goesOnWhereACrashStoppedIt() throws IOException {
    delete();
    clock.advance(UNDO.plusMinutes(1));
    await(purges.purge(clock.now().minus(UNDO), clock.now(), 1_000));
    blobs.deleteClip(clip.workspaceId(), clip.id());
    assertEquals(1, waiting().size());
    await(purge.run());
    assertTrue(waiting().isEmpty());
  }

  @Test
  void triesAgainWhatItCouldNotDelete() throws IOException {
    // A folder in place of a file of the clip: it cannot be deleted as one.
    Path stubborn = Files.createDirectories(file.resolveSibling("stubborn/content"));
    delete();
    clock.advance(UNDO.plusMinutes(1));
    await(purge.run());
    assertEquals(1, waiting().size());
    Files.delete(stubborn);
    await(purge.run());
    assertTrue(waiting().isEmpty());
    assertFalse(Files.exists(file));
  }

  private List<ClipPurges.Purged> waiting() {
    return await(purges.withFiles(10_000)).stream()
        .filter(purged -> purged.id().equals(clip.id()))
        .toList();
  }

  private void delete() {
    assertEquals(1, await(edits.delete(clip.workspaceId(), ids(), clock.now())).size());
  }

  private List<java.util.UUID> ids() {
    return List.of(clip.id());
  }
}
