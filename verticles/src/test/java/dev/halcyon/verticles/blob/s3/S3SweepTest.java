package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.ClipVersion.FileState;
import dev.halcyon.core.clip.ClipVersion.Storage;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobSweep;
import dev.halcyon.verticles.blob.BlobSweep.Mode;
import dev.halcyon.verticles.blob.SweepOptions;
import dev.halcyon.verticles.blob.SweepReport;
import dev.halcyon.verticles.blob.s3.LocalEviction.Extent;
import dev.halcyon.verticles.store.AccountStore;
import dev.halcyon.verticles.store.BlobRows;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.NewStream;
import dev.halcyon.verticles.store.OwnDatabase;
import dev.halcyon.verticles.store.StreamStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files here, objects there and rows, brought into agreement. */
@ExtendWith({OwnDatabase.class, S3Server.Shared.class})
@Timeout(120)
class S3SweepTest {
  @TempDir private Path folder;
  private S3Rig rig;
  private S3Bucket bucket;
  private ClipStore clips;
  private BlobSweep sweep;
  private UUID stream;
  private UUID workspace;

  @BeforeEach
  void open(S3Server s3, Database database) throws IOException {
    await(
        database
            .pool()
            .query("TRUNCATE clips, streams, workspaces, blob_uploads CASCADE")
            .execute());
    rig = S3Rig.open(s3, database, folder);
    bucket = new S3Bucket(rig.options);
    clips = new ClipStore(database.pool());
    sweep =
        new BlobSweep(
            rig.blobs(),
            new BlobRows(database.pool()),
            new SweepOptions(S3Rig.GRACE, Duration.ofDays(7)),
            rig.clock,
            clip -> false,
            changed -> {});
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

  @AfterEach
  void close() {
    bucket.close();
    rig.close();
  }

  private BlobKey key(Clip clip) {
    return BlobKey.read(clip.versions().getFirst().blobKey()).orElseThrow();
  }

  private ClipVersion now(Clip clip) {
    return await(clips.any(clip.id())).orElseThrow().versions().getFirst();
  }

  private Clip sealed() throws Exception {
    UUID id = UUID.randomUUID();
    BlobKey media = rig.store(BlobKey.fresh(workspace, id, "mp4"), 100);
    CutContract contract =
        new CutContract(0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, "0".repeat(64));
    Clip open =
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
    await(clips.insert(open));
    ClipVersion version =
        new ClipVersion(1, ClipVersion.Kind.INSTANT, "mp4", media.text(), 100, contract);
    Clip sealed = await(clips.update(open.sealed(version, Optional.empty()))).orElseThrow();
    rig.awaitStored(media);
    return sealed;
  }

  @Test
  void agreesAboutFilesThatAreHereAndThereOrOnlyThere() throws Exception {
    Clip both = sealed();
    Clip away = sealed();
    rig.storage.eviction().run(Extent.ALL);
    rig.blobs().fetch(key(both));
    rig.clock.advance(Duration.ofDays(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(2, report.files());
    assertEquals(2, report.references());
    assertTrue(report.isInOrder(), report::toString);
    assertEquals(0, report.repaired());
    assertEquals(Storage.REMOTE, now(away).storage());
    assertEquals(new UploadAudit.Outcome(0, 0), rig.storage.audit().run());
  }

  @Test
  void saysThatAFileIsLostThatTheBucketLostAndFindsItAgain() throws Exception {
    Clip clip = sealed();
    byte[] content = rig.object(key(clip));
    rig.storage.eviction().run(Extent.ALL);
    bucket.delete(key(clip).text());
    rig.clock.advance(Duration.ofDays(1));
    assertEquals(1, sweep.run(Mode.REPAIR).lost());
    assertEquals(FileState.LOST, now(clip).state());
    assertEquals(1, rig.storage.audit().run().rows());
    Path found = Files.write(folder.resolve("found"), content);
    try (FileStretch file = new FileStretch(found, 0, content.length)) {
      BodyChecksum sum = BodyChecksum.of(S3Options.Checksum.SHA256, file);
      bucket.put(key(clip).text(), file, sum, Map.of());
    }
    assertEquals(1, sweep.run(Mode.REPAIR).recovered());
    assertEquals(FileState.KEPT, now(clip).state());
    assertEquals(1, rig.storage.audit().run().rows());
    assertEquals(Storage.REMOTE, now(clip).storage());
  }

  @Test
  void putsAnObjectAsideThatBelongsToNobodyAndDeletesItMuchLater() throws Exception {
    sealed();
    BlobKey orphan = rig.store(BlobKey.fresh(workspace, UUID.randomUUID(), "mp4"), 7);
    rig.awaitStored(orphan);
    rig.storage.eviction().run(Extent.ALL);
    assertEquals(1, sweep.run(Mode.REPAIR).young());
    rig.clock.advance(S3Rig.GRACE.plusMinutes(1));
    SweepReport report = sweep.run(Mode.REPAIR);
    assertEquals(1, report.orphans());
    assertEquals(7, report.orphanBytes());
    assertThrows(NoSuchFileException.class, () -> rig.blobs().sizeBytes(orphan));
    String aside = S3BlobStore.QUARANTINE + orphan.text();
    assertEquals(7, bucket.head(aside).orElseThrow().sizeBytes());
    assertEquals(0, sweep.run(Mode.REPAIR).orphans());
    rig.clock.advance(Duration.ofDays(8));
    assertEquals(1, sweep.run(Mode.REPAIR).dropped());
    assertTrue(bucket.head(aside).isEmpty());
  }

  @Test
  void changesNothingWhileTheBucketCannotBeRead() throws Exception {
    Clip clip = sealed();
    rig.storage.eviction().run(Extent.ALL);
    rig.clock.advance(Duration.ofDays(1));
    rig.wire.down();
    assertThrows(IOException.class, () -> sweep.run(Mode.REPAIR_WHATEVER_IS_FOUND));
    assertThrows(IOException.class, () -> rig.storage.audit().run());
    assertEquals(FileState.KEPT, now(clip).state());
    assertEquals(Storage.REMOTE, now(clip).storage());
  }

  @Test
  void abortsUploadsThatNobodyGoesOnWith() throws Exception {
    S3Multipart multipart = new S3Multipart(bucket, S3Options.Checksum.SHA256);
    String left = BlobKey.fresh(workspace, UUID.randomUUID(), "mp4").text();
    multipart.begin(left, Map.of());
    multipart.begin("somebody-elses", Map.of());
    assertEquals(2, multipart.unfinished().size());
    assertEquals(0, rig.storage.audit().run().aborted());
    rig.clock.advance(S3Rig.GRACE.plusMinutes(1));
    assertEquals(1, rig.storage.audit().run().aborted());
    assertEquals(
        List.of("somebody-elses"),
        multipart.unfinished().stream().map(S3Multipart.Unfinished::name).toList());
  }

  @Test
  void bringsThereAgainWhatTheBucketLostAndThisMachineHas() throws Exception {
    Clip clip = sealed();
    bucket.delete(key(clip).text());
    assertEquals(1, rig.storage.audit().run().rows());
    rig.storage.desk().look();
    rig.awaitStored(key(clip));
    assertEquals(100, rig.object(key(clip)).length);
    assertFalse(rig.row(key(clip)).isEmpty());
  }
}
