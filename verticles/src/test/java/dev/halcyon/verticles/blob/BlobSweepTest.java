package dev.halcyon.verticles.blob;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.ClipVersion.FileState;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.verticles.api.TestClock;
import dev.halcyon.verticles.blob.BlobSweep.Mode;
import dev.halcyon.verticles.store.AccountStore;
import dev.halcyon.verticles.store.BlobRows;
import dev.halcyon.verticles.store.ClipEdits;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.DerivedStore;
import dev.halcyon.verticles.store.NewStream;
import dev.halcyon.verticles.store.OwnDatabase;
import dev.halcyon.verticles.store.StreamStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A database of its own: a sweep looks at every row there is. */
@ExtendWith(OwnDatabase.class)
class BlobSweepTest {
  private static final SweepOptions OPTIONS =
      new SweepOptions(Duration.ofHours(1), Duration.ofDays(7));

  @TempDir Path folder;
  private final TestClock clock = new TestClock();
  private final List<UUID> changed = new ArrayList<>();
  private final Set<UUID> making = new HashSet<>();
  private LocalBlobStore blobs;
  private ClipStore clips;
  private ClipEdits edits;
  private ClipPurges purges;
  private BlobSweep sweep;
  private UUID workspace;
  private UUID stream;

  @BeforeEach
  void open(Database database) throws IOException {
    await(database.pool().query("TRUNCATE clips, streams, workspaces CASCADE").execute());
    blobs = LocalBlobStore.open(folder);
    clips = new ClipStore(database.pool());
    edits = new ClipEdits(database.pool());
    purges = new ClipPurges(database.pool());
    sweep =
        new BlobSweep(
            blobs, new BlobRows(database.pool()), OPTIONS, clock, making::contains, changed::add);
    stream = UUID.randomUUID();
    AccountStore.Member owner =
        await(new AccountStore(database.pool()).create(stream + "@example.org", "n", "h"));
    workspace = owner.workspaceId();
    await(
        new StreamStore(database.pool())
            .create(
                new NewStream(
                    stream,
                    workspace,
                    owner.userId(),
                    "s",
                    Optional.empty(),
                    new StreamSource.Push(),
                    "key-" + stream,
                    StreamSettings.DEFAULT)));
  }

  @Test
  void findsNothingWhereAllIsInOrder() throws IOException {
    for (int i = 0; i < 30; i++) {
      sealed();
    }
    clock.advance(Duration.ofDays(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(60, report.files());
    assertEquals(60, report.references());
    assertEquals(0, report.orphans() + report.lost() + report.damaged() + report.repaired());
    assertTrue(report.isInOrder());
    assertTrue(changed.isEmpty());
  }

  @Test
  void putsAFileAsideThatBelongsToNobodyAndDeletesItMuchLater() throws IOException {
    Clip clip = sealed();
    BlobKey orphan = stored(BlobKey.fresh(workspace, clip.id(), "mp4"), 3);
    BlobKey alone = stored(BlobKey.fresh(workspace, UUID.randomUUID(), "jpg"), 5);
    SweepReport young = sweep.run(Mode.REPAIR);
    assertEquals(2, young.young());
    assertEquals(0, young.orphans());
    assertTrue(Files.exists(blobs.fileOf(orphan)));

    clock.advance(OPTIONS.grace().plusMinutes(1));
    assertEquals(2, sweep.run(Mode.REPORT).orphans());
    assertTrue(Files.exists(blobs.fileOf(orphan)));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(2, report.orphans());
    assertEquals(8, report.orphanBytes());
    assertEquals(2, report.repaired());
    assertFalse(Files.exists(blobs.fileOf(orphan)));
    assertFalse(Files.exists(blobs.fileOf(alone).getParent()));
    assertTrue(Files.exists(folder.resolve(".quarantine").resolve(orphan.text())));
    assertEquals(0, sweep.run(Mode.REPAIR).orphans());

    clock.advance(OPTIONS.quarantine().plusHours(1));
    assertEquals(2, sweep.run(Mode.REPAIR).dropped());
    assertFalse(Files.exists(folder.resolve(".quarantine").resolve(orphan.text())));
    assertTrue(Files.exists(fileOf(clip)));
  }

  /** The database may be away for longer than the grace: the clip is told, its row still waits. */
  @Test
  void leavesTheFileOfAClipAloneWhoseRowIsYetToCome() throws IOException {
    UUID clip = UUID.randomUUID();
    BlobKey key = stored(BlobKey.fresh(workspace, clip, "mp4"), 3);
    making.add(clip);
    clock.advance(OPTIONS.grace().plusHours(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(0, report.orphans());
    assertEquals(1, report.young());
    assertTrue(Files.exists(blobs.fileOf(key)));
    making.remove(clip);
    assertEquals(1, sweep.run(Mode.REPAIR).orphans());
    assertFalse(Files.exists(blobs.fileOf(key)));
  }

  @Test
  void saysThatAFileIsLostOrDamagedUntilItIsRightAgain() throws IOException {
    Clip gone = sealed();
    Clip cut = sealed();
    sealed();
    byte[] content = Files.readAllBytes(fileOf(gone));
    Files.delete(fileOf(gone));
    Files.write(fileOf(cut), new byte[1]);
    SweepReport early = sweep.run(Mode.REPAIR);
    assertEquals(1, early.young());
    assertEquals(1, early.damaged());
    assertEquals(FileState.KEPT, stateOf(gone));
    clock.advance(OPTIONS.grace().plusMinutes(1));

    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(1, report.lost());
    assertEquals(1, report.repaired());
    assertEquals(FileState.LOST, stateOf(gone));
    assertEquals(FileState.DAMAGED, stateOf(cut));
    assertEquals(2, changed.size());
    assertEquals(0, sweep.run(Mode.REPAIR).lost());
    assertEquals(2, changed.size());

    Files.write(fileOf(gone), content);
    Files.write(fileOf(cut), content);
    assertEquals(2, sweep.run(Mode.REPAIR).recovered());
    assertEquals(FileState.KEPT, stateOf(gone));
    assertEquals(FileState.KEPT, stateOf(cut));
  }

  @Test
  void promisesNoPosterThatIsNotThere() throws IOException {
    Clip clip = sealed();
    Files.delete(blobs.fileOf(BlobKey.read(clip.posterKey().orElseThrow()).orElseThrow()));
    clock.advance(OPTIONS.grace().plusMinutes(1));
    assertEquals(1, sweep.run(Mode.REPAIR).lost());
    assertEquals(Optional.empty(), now(clip).posterKey());
    assertEquals(0, sweep.run(Mode.REPAIR).lost());
  }

  @Test
  void keepsDerivedFilesAndForgetsThoseThatAreNotRightAnyMore(Database database)
      throws IOException {
    DerivedStore derived = new DerivedStore(database.pool());
    Clip clip = sealed();
    DerivedForm whole = new DerivedForm.Remuxed(DerivedForm.Container.MKV);
    DerivedForm lost = new DerivedForm.Remuxed(DerivedForm.Container.TS);
    DerivedForm damaged = new DerivedForm.PosterWebp();
    BlobKey wholeKey = derived(derived, clip, whole);
    Files.delete(blobs.fileOf(derived(derived, clip, lost)));
    BlobKey damagedKey = derived(derived, clip, damaged);
    Files.write(blobs.fileOf(damagedKey), new byte[1]);
    clock.advance(OPTIONS.grace().plusMinutes(1));

    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(0, report.orphans());
    assertEquals(1, report.lost());
    assertEquals(1, report.damaged());
    assertTrue(Files.exists(blobs.fileOf(wholeKey)));
    assertTrue(await(derived.find(clip.id(), 1, whole)).isPresent());
    assertTrue(await(derived.find(clip.id(), 1, lost)).isEmpty());
    assertTrue(await(derived.find(clip.id(), 1, damaged)).isEmpty());
    assertTrue(changed.isEmpty());

    // The damaged one belongs to nobody now.
    assertEquals(1, sweep.run(Mode.REPAIR).orphans());
    assertFalse(Files.exists(blobs.fileOf(damagedKey)));
    assertEquals(0, sweep.run(Mode.REPAIR).orphans());
  }

  private BlobKey derived(DerivedStore store, Clip clip, DerivedForm form) throws IOException {
    BlobKey key = stored(BlobKey.fresh(workspace, clip.id(), form.extension()), 7);
    assertEquals(
        new DerivedStore.Kept.Now(Optional.empty()),
        await(
            store.put(
                new DerivedFile(
                    clip.id(),
                    1,
                    form,
                    key.text(),
                    7,
                    "0".repeat(64),
                    Optional.empty(),
                    clock.now()))));
    return key;
  }

  @Test
  void leavesDeletedClipsWholeAndPurgedOnesToThePurge() throws IOException {
    Clip deleted = sealed();
    Clip purged = sealed();
    await(edits.delete(workspace, List.of(purged.id()), clock.now()));
    await(purges.purge(clock.now(), clock.now(), 100));
    await(edits.delete(workspace, List.of(deleted.id()), clock.now()));
    Files.delete(fileOf(purged));
    clock.advance(OPTIONS.grace().plusMinutes(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(0, report.orphans() + report.lost());
    assertTrue(Files.exists(fileOf(deleted)));
    await(purges.emptied(purged.id(), clock.now()));
    // Its poster is what a purge that was killed in between left behind.
    assertEquals(1, sweep.run(Mode.REPAIR).orphans());
  }

  /** Killed after the file was there and before the row was written. */
  @Test
  void takesCareOfAClipWhoseMakerWasKilled() throws IOException {
    Clip open = requested(UUID.randomUUID());
    BlobKey first = stored(BlobKey.fresh(workspace, open.id(), "mp4"), 4);
    Path staged = blobs.stage(BlobKey.fresh(workspace, open.id(), "mp4"));
    Files.write(staged, new byte[9]);
    blobs = LocalBlobStore.open(folder);
    assertFalse(Files.exists(staged));
    clock.advance(OPTIONS.grace().plusMinutes(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(1, report.orphans());
    assertFalse(Files.exists(blobs.fileOf(first)));
    assertEquals(ClipStatus.REQUESTED, now(open).status());
  }

  @Test
  void doesNothingWhenSoMuchIsWrongThatTheDatabaseOrTheStoreIsAnother() throws IOException {
    List<BlobKey> orphans = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      orphans.add(stored(BlobKey.fresh(workspace, UUID.randomUUID(), "mp4"), 1));
    }
    clock.advance(OPTIONS.grace().plusMinutes(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertTrue(report.halted().orElseThrow().contains("30 of 30"), report::toString);
    assertEquals(0, report.repaired());
    assertFalse(report.isInOrder());
    assertTrue(Files.exists(blobs.fileOf(orphans.getFirst())));
    assertEquals(30, sweep.run(Mode.REPAIR_WHATEVER_IS_FOUND).repaired());
    assertFalse(Files.exists(blobs.fileOf(orphans.getFirst())));
  }

  @Test
  void marksNothingWhenTheStoreIsNotMounted() throws IOException {
    List<Clip> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      all.add(sealed());
    }
    blobs = LocalBlobStore.open(folder.resolve("elsewhere"));
    clock.advance(OPTIONS.grace().plusMinutes(1));
    for (Clip clip : all) {
      Files.delete(fileOf(clip, LocalBlobStore.open(folder)));
    }
    SweepReport report = sweep.run(Mode.REPAIR);
    assertTrue(report.halted().orElseThrow().contains("mounted"), report::toString);
    assertEquals(FileState.KEPT, stateOf(all.getFirst()));
    assertTrue(changed.isEmpty());
  }

  @Test
  void leavesForeignFilesAlone() throws IOException {
    Path note = Files.writeString(folder.resolve("README"), "hands off");
    Path odd = Files.createDirectories(folder.resolve(workspace + "/clips/x")).resolve("y.mp4");
    Files.write(odd, new byte[1]);
    clock.advance(OPTIONS.grace().plusMinutes(1));
    SweepReport report = sweep.run(Mode.REPAIR_WHATEVER_IS_FOUND);
    assertEquals(2, report.foreign());
    assertEquals(0, report.files());
    assertTrue(Files.exists(note) && Files.exists(odd));
  }

  /** A short grace: longer than a clip's file is without its row, however slow the machine. */
  @Test
  void neverHarmsClipsThatAreMadeMeanwhile(Database database) throws Exception {
    BlobSweep hasty =
        new BlobSweep(
            blobs,
            new BlobRows(database.pool()),
            new SweepOptions(Duration.ofSeconds(30), Duration.ofDays(7)),
            clock,
            making::contains,
            changed::add);
    AtomicBoolean isDone = new AtomicBoolean();
    List<Clip> made = new ArrayList<>();
    try (var maker = Executors.newSingleThreadExecutor()) {
      Future<?> making =
          maker.submit(
              () -> {
                for (int i = 0; i < 300; i++) {
                  made.add(sealed());
                }
                isDone.set(true);
                return null;
              });
      while (!isDone.get() && !making.isDone()) {
        SweepReport report = hasty.run(Mode.REPAIR_WHATEVER_IS_FOUND);
        assertEquals(0, report.repaired(), report::toString);
      }
      making.get();
    }
    for (Clip clip : made) {
      assertTrue(Files.exists(fileOf(clip)));
      assertEquals(clip, now(clip));
    }
  }

  private Clip sealed() throws IOException {
    Clip open = requested(UUID.randomUUID());
    BlobKey media = stored(BlobKey.fresh(workspace, open.id(), "mp4"), 100);
    BlobKey poster = stored(BlobKey.fresh(workspace, open.id(), "jpg"), 10);
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    Clip sealed =
        open.sealed(
            new ClipVersion(1, ClipVersion.Kind.INSTANT, "mp4", media.text(), 100, contract),
            Optional.of(poster.text()));
    return await(clips.update(sealed)).orElseThrow();
  }

  private Clip requested(UUID id) {
    Clip clip =
        new Clip(
            id,
            workspace,
            new ClipOrigin.OfStream(stream),
            ClipStatus.REQUESTED,
            "Clip",
            "",
            List.of(),
            0,
            1_000_000,
            0,
            ClipReason.manual(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    await(clips.insert(clip));
    return clip;
  }

  private BlobKey stored(BlobKey key, int sizeBytes) throws IOException {
    Path staged = blobs.stage(key);
    Files.write(staged, new byte[sizeBytes]);
    blobs.commit(staged, key);
    return key;
  }

  private Path fileOf(Clip clip) {
    return fileOf(clip, blobs);
  }

  private static Path fileOf(Clip clip, LocalBlobStore store) {
    return store.fileOf(BlobKey.read(clip.versions().getFirst().blobKey()).orElseThrow());
  }

  private FileState stateOf(Clip clip) {
    return now(clip).versions().getFirst().state();
  }

  private Clip now(Clip clip) {
    return await(clips.any(clip.id())).orElseThrow();
  }
}
