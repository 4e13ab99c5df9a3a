package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.blob.s3.S3Rig.PART_BYTES;
import static dev.halcyon.verticles.blob.s3.S3Rig.until;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.RemoteBlob;
import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.blob.StoreFault.Kind;
import dev.halcyon.verticles.blob.s3.LocalEviction.Extent;
import dev.halcyon.verticles.blob.s3.S3Options.Checksum;
import dev.halcyon.verticles.blob.s3.S3Options.Encryption;
import dev.halcyon.verticles.blob.s3.S3Options.Keep;
import dev.halcyon.verticles.blob.s3.S3Options.Keys;
import dev.halcyon.verticles.blob.s3.S3Options.Transfer;
import dev.halcyon.verticles.blob.s3.S3Wire.Asked;
import dev.halcyon.verticles.blob.s3.S3Wire.Harm;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that are brought to a real S3 server over a wire on which everything goes wrong. */
@ExtendWith({SharedDatabase.class, S3Server.Shared.class})
@Timeout(240)
class S3StorageTest {
  @TempDir private Path folder;
  private S3Rig rig;

  @BeforeEach
  void open(S3Server s3, Database database) throws Exception {
    rig = S3Rig.open(s3, database, folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void bringsWhatIsStoredToTheBucketWithItsChecksum() throws Exception {
    rig.options = with(new Encryption.Managed());
    rig.restart();
    BlobKey key = rig.store(1_000);
    byte[] content = Files.readAllBytes(rig.blobs().fileOf(key));
    rig.awaitStored(key);
    assertArrayEquals(content, rig.object(key));
    Asked put = rig.wire.asked(request -> request.is(HttpMethod.PUT)).getLast();
    String sum =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
    assertEquals(sum, put.headers().get("x-amz-checksum-sha256"));
    assertEquals("video/mp4", put.headers().get("Content-Type"));
    assertEquals("AES256", put.headers().get("x-amz-server-side-encryption"));
    assertTrue(Files.exists(rig.blobs().fileOf(key)));
    RemoteBlob there = await(rig.blobs().remote().orElseThrow().find(key));
    assertEquals(1_000, there.sizeBytes());
    assertEquals(
        Files.getLastModifiedTime(rig.blobs().fileOf(key)).toMillis(),
        there.modified().toEpochMilli());
  }

  @Test
  void knowsStoresThatCheckByMd5Only() throws Exception {
    rig.options = with(new Transfer(Checksum.MD5, PART_BYTES, PART_BYTES, 2));
    rig.restart();
    BlobKey small = rig.store(1_000);
    BlobKey large = rig.store((int) PART_BYTES + 1);
    rig.awaitStored(small);
    rig.awaitStored(large);
    List<Asked> puts = rig.wire.asked(request -> request.is(HttpMethod.PUT));
    assertTrue(puts.stream().skip(1).allMatch(put -> put.headers().containsKey("content-md5")));
    assertArrayEquals(Files.readAllBytes(rig.blobs().fileOf(large)), rig.object(large));
  }

  @Test
  void goesOnWithTheNextPartAfterARestart() throws Exception {
    rig.wire.harm(1, new Harm.Silence(), request -> isPart(request, 2));
    BlobKey key = rig.store((int) (2 * PART_BYTES + 12_345));
    until("the second part", () -> rig.wire.harmLeft() == 0 && hasParts(2));
    rig.restart();
    rig.awaitStored(key);
    assertEquals(1, rig.wire.asked(request -> isPart(request, 1)).size());
    assertEquals(2, rig.wire.asked(request -> isPart(request, 2)).size());
    assertArrayEquals(Files.readAllBytes(rig.blobs().fileOf(key)), rig.object(key));
  }

  private boolean hasParts(int number) {
    return !rig.wire.asked(request -> isPart(request, number)).isEmpty();
  }

  private static boolean isPart(Asked request, int number) {
    return request.isPart() && request.query().contains("partNumber=" + number);
  }

  @Test
  void sendsAPartAgainWhoseConnectionWasCut() throws Exception {
    rig.wire.harm(2, new Harm.CutBody(1 << 20), Asked::isPart);
    BlobKey key = rig.store((int) (PART_BYTES + 1));
    rig.awaitStored(key);
    assertEquals(0, rig.wire.harmLeft());
    assertArrayEquals(Files.readAllBytes(rig.blobs().fileOf(key)), rig.object(key));
  }

  @Test
  void refusesBytesThatChangedOnTheirWay() throws Exception {
    rig.wire.harm(1, new Harm.Flip(), request -> request.is(HttpMethod.PUT));
    BlobKey key = rig.store(50_000);
    until("the harm", () -> rig.wire.harmLeft() == 0);
    rig.hurry();
    until(
        "stored",
        () -> {
          rig.hurry();
          return rig.isStored(key);
        });
    assertArrayEquals(Files.readAllBytes(rig.blobs().fileOf(key)), rig.object(key));
  }

  @Test
  void bearsAStoreThatIsOverloaded() throws Exception {
    for (Harm harm :
        List.of(
            new Harm.Answer(503, "SlowDown"),
            new Harm.Answer(500, "InternalError"),
            new Harm.Answer(503, "ServiceUnavailable"))) {
      rig.wire.harm(3, harm, request -> request.is(HttpMethod.PUT));
      BlobKey key = rig.store(3_000);
      until("the harm", () -> rig.wire.harmLeft() == 0);
      until(
          "stored",
          () -> {
            rig.hurry();
            return rig.isStored(key);
          });
      assertTrue(rig.storage.gate().isOpen());
    }
  }

  @Test
  void losesNothingWhileTheStoreIsDown() throws Exception {
    rig.wire.down();
    List<BlobKey> keys = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      keys.add(rig.store(2_000 + i));
    }
    until("the trouble", () -> !rig.storage.gate().isOpen());
    assertEquals(Kind.AWAY, rig.storage.gate().trouble().orElseThrow().fault().kind());
    until("the count", () -> rig.storage.figures().waiting().getAsLong() == 5);
    assertEquals(0, rig.storage.figures().reachable().getAsLong());
    for (BlobKey key : keys) {
      assertTrue(Files.exists(rig.blobs().fetch(key)));
    }
    StoreFault away =
        assertThrows(
            StoreFault.class,
            () -> rig.blobs().sizeBytes(BlobKey.fresh(rig.workspace, UUID.randomUUID(), "mp4")));
    assertTrue(away.isOfWholeStore());
    rig.restart();
    rig.wire.up();
    for (BlobKey key : keys) {
      rig.awaitStored(key);
      assertArrayEquals(Files.readAllBytes(rig.blobs().fileOf(key)), rig.object(key));
    }
    until("the count", () -> rig.storage.figures().waiting().getAsLong() == 0);
    assertTrue(rig.storage.gate().isOpen());
  }

  @Test
  void saysThatTheCredentialsAreWrongAndGoesOnWithTheRightOnes() throws Exception {
    S3Options right = rig.options;
    rig.options = with(new Keys(S3Server.ACCESS_KEY, "wrong"));
    rig.restart();
    BlobKey key = rig.store(2_000);
    until("the trouble", () -> !rig.storage.gate().isOpen());
    assertEquals(Kind.REFUSED, rig.storage.gate().trouble().orElseThrow().fault().kind());
    assertTrue(Files.exists(rig.blobs().fetch(key)));
    rig.options = right;
    rig.restart();
    rig.awaitStored(key);
  }

  @Test
  void waitsForABucketThatIsMissing(S3Server s3, Database database) throws Exception {
    try (S3Rig without = new S3Rig(s3, database, folder.resolve("without"))) {
      without.restart();
      BlobKey key = without.store(2_000);
      until("the trouble", () -> !without.storage.gate().isOpen());
      assertEquals(Kind.NO_BUCKET, without.storage.gate().trouble().orElseThrow().fault().kind());
      without.makeBucket();
      without.hurry();
      without.awaitStored(key);
    }
  }

  @Test
  void findsFilesOnTheDiskThatNobodyNoted() throws Exception {
    rig.stop();
    BlobKey key = BlobKey.fresh(rig.workspace, UUID.randomUUID(), "mp4");
    Path staged = rig.local.stage(key);
    Files.write(staged, new byte[100]);
    rig.local.commit(staged, key);
    rig.restart();
    rig.awaitStored(key);
  }

  @Test
  void deletesTheCopyHereOfWhatIsOldOrTooMuch() throws Exception {
    BlobKey old = rig.store(1_000);
    rig.awaitStored(old);
    assertEquals(0, rig.storage.eviction().run(Extent.POLICY));
    rig.clock.advance(Duration.ofHours(25));
    BlobKey recent = rig.store(2_000);
    rig.awaitStored(recent);
    assertEquals(1, rig.storage.eviction().run(Extent.POLICY));
    assertFalse(Files.exists(rig.blobs().fileOf(old)));
    assertTrue(Files.exists(rig.blobs().fileOf(recent)));
    assertEquals(1_000, rig.blobs().sizeBytes(old));

    rig.options = with(new Keep(Duration.ofDays(30), 1_500));
    rig.restart();
    rig.clock.advance(Duration.ofHours(1));
    until("eviction", () -> rig.storage.eviction().run(Extent.POLICY) > 0);
    assertFalse(Files.exists(rig.blobs().fileOf(recent)));
    assertFalse(rig.row(recent).orElseThrow().isLocal());
  }

  @Test
  void bringsAFileThereAgainRatherThanDeleteTheLastCopy() throws Exception {
    BlobKey key = rig.store(1_000);
    rig.awaitStored(key);
    try (S3Bucket bucket = new S3Bucket(rig.options)) {
      bucket.delete(key.text());
    }
    assertEquals(0, rig.storage.eviction().run(Extent.ALL));
    assertTrue(Files.exists(rig.blobs().fileOf(key)));
    rig.storage.desk().look();
    rig.awaitStored(key);
    assertEquals(1_000, rig.object(key).length);
  }

  @Test
  void keepsTheCopyHereOfWhatSomebodyAsksForInThatMoment() throws Exception {
    BlobKey key = rig.store(1_000);
    rig.awaitStored(key);
    AtomicReference<Path> fetched = new AtomicReference<>();
    rig.wire.harm(
        0,
        new Harm.Refuse(),
        request -> {
          if (request.is(HttpMethod.HEAD)) {
            fetched.set(fetch(key));
          }
          return false;
        });
    assertEquals(0, rig.storage.eviction().run(Extent.ALL));
    assertTrue(Files.exists(fetched.get()), "the file that was just given is gone");
    assertTrue(rig.row(key).orElseThrow().isLocal());
  }

  private Path fetch(BlobKey key) {
    try {
      return rig.blobs().fetch(key);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void readsOnWhereAConnectionBrokeOff() throws Exception {
    BlobKey key = rig.store(300_000);
    byte[] content = Files.readAllBytes(rig.blobs().fileOf(key));
    rig.awaitStored(key);
    assertEquals(1, rig.storage.eviction().run(Extent.ALL));
    RemoteBlob there = await(rig.blobs().remote().orElseThrow().find(key));
    rig.wire.harm(2, new Harm.CutAnswer(70_000), request -> request.is(HttpMethod.GET));
    try (InputStream part = there.open(1_000, 298_000)) {
      assertArrayEquals(Arrays.copyOfRange(content, 1_000, 299_000), part.readAllBytes());
    }
    assertEquals(0, rig.wire.harmLeft());

    Path back = rig.blobs().fetch(key);
    assertArrayEquals(content, Files.readAllBytes(back));
    assertTrue(rig.row(key).orElseThrow().isLocal());
    assertEquals(0, rig.storage.eviction().run(Extent.ALL));
    BlobKey unknown = BlobKey.fresh(rig.workspace, UUID.randomUUID(), "mp4");
    assertThrows(NoSuchFileException.class, () -> rig.blobs().fetch(unknown));
  }

  @Test
  void givesLinksThatWorkForAWhile() throws Exception {
    BlobKey key = rig.store(5_000);
    byte[] content = Files.readAllBytes(rig.blobs().fileOf(key));
    rig.awaitStored(key);
    URI link =
        await(rig.blobs().remote().orElseThrow().find(key))
            .link("video/mp4", "attachment; filename=\"a.mp4\"")
            .orElseThrow();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> answer =
          http.send(
              HttpRequest.newBuilder(link).header("Range", "bytes=100-199").build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertEquals(206, answer.statusCode());
      assertArrayEquals(Arrays.copyOfRange(content, 100, 200), answer.body());
      assertEquals(
          "attachment; filename=\"a.mp4\"",
          answer.headers().firstValue("content-disposition").orElseThrow());
      URI forged = URI.create(link.toString().replace(key.fileId().toString(), "other"));
      assertEquals(
          403,
          http.send(HttpRequest.newBuilder(forged).build(), HttpResponse.BodyHandlers.discarding())
              .statusCode());
    }
  }

  @Test
  void deletesHereAndThere() throws Exception {
    UUID clip = UUID.randomUUID();
    BlobKey media = rig.store(BlobKey.fresh(rig.workspace, clip, "mp4"), 100);
    BlobKey poster = rig.store(BlobKey.fresh(rig.workspace, clip, "jpg"), 10);
    BlobKey other = rig.store(100);
    rig.awaitStored(media);
    rig.awaitStored(poster);
    rig.awaitStored(other);
    rig.storage.eviction().run(Extent.ALL);
    rig.wire.down();
    until(
        "the trouble",
        () -> {
          StoreFault fault =
              assertThrows(StoreFault.class, () -> rig.blobs().deleteClip(rig.workspace, clip));
          return fault.isOfWholeStore();
        });
    rig.wire.up();
    rig.storage.gate().hurry();
    until("the end of the trouble", () -> rig.storage.gate().isOpen());
    rig.blobs().deleteClip(rig.workspace, clip);
    assertThrows(NoSuchFileException.class, () -> rig.blobs().sizeBytes(media));
    assertThrows(NoSuchFileException.class, () -> rig.blobs().sizeBytes(poster));
    assertEquals(100, rig.blobs().sizeBytes(other));
    assertEquals(2, rig.storage.audit().run().rows());
    assertTrue(rig.row(media).isEmpty());
  }

  private S3Options with(Encryption encryption) {
    return options(
        encryption, rig.options.keys().orElseThrow(), rig.options.transfer(), rig.options.keep());
  }

  private S3Options with(Keys keys) {
    return options(rig.options.encryption(), keys, rig.options.transfer(), rig.options.keep());
  }

  private S3Options with(Transfer transfer) {
    return options(
        rig.options.encryption(), rig.options.keys().orElseThrow(), transfer, rig.options.keep());
  }

  private S3Options with(Keep keep) {
    return options(
        rig.options.encryption(), rig.options.keys().orElseThrow(), rig.options.transfer(), keep);
  }

  private S3Options options(Encryption encryption, Keys keys, Transfer transfer, Keep keep) {
    S3Options before = rig.options;
    return new S3Options(
        before.bucket(),
        before.prefix(),
        before.endpoint(),
        before.publicEndpoint(),
        before.region(),
        before.isPathStyle(),
        Optional.of(keys),
        encryption,
        transfer,
        before.downloads(),
        keep);
  }
}
