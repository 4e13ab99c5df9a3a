package dev.halcyon.verticles.clip;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.verticles.store.AccountStore;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.NewStream;
import dev.halcyon.verticles.store.SharedDatabase;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class ClipRowsTest {
  /** A window in the past closes at once, so that two connections may write in either order. */
  @Test
  void aLateFirstStateDoesNotUndoTheLastOne(Vertx vertx, Database database) {
    ClipStore store = new ClipStore(database.pool());
    ClipRows rows = new ClipRows(vertx, store);
    Clip opened = opened(database);
    Clip failed = opened.failed("no media");

    await(rows.write(failed));
    await(rows.write(opened));

    assertEquals(Optional.of(failed), await(store.any(opened.id())));
    assertEquals(0, rows.pending());
  }

  @Test
  void aRowThatTheDatabaseRefusesIsNotTriedAgain(Vertx vertx, Database database) {
    ClipRows rows = new ClipRows(vertx, new ClipStore(database.pool()));

    assertEquals(
        new ClipRows.Outcome.Refused(), await(rows.write(titled(opened(database), "a\0b"))));
    assertEquals(0, rows.pending());
  }

  static Clip titled(Clip clip, String title) {
    return clip.extended(clip.endUs(), clip.score(), clip.reason(), title);
  }

  static Clip opened(Database database) {
    UUID streamId = UUID.randomUUID();
    AccountStore.Member owner =
        await(new AccountStore(database.pool()).create(streamId + "@example.org", "n", "h"));
    await(
        new StreamStore(database.pool())
            .create(
                new NewStream(
                    streamId,
                    owner.workspaceId(),
                    owner.userId(),
                    "s",
                    Optional.empty(),
                    new StreamSource.Push(),
                    "key-" + streamId,
                    StreamSettings.DEFAULT)));
    return new Clip(
        UUID.randomUUID(),
        owner.workspaceId(),
        new ClipOrigin.OfStream(streamId),
        ClipStatus.OPENED,
        "Clip",
        "",
        List.of(),
        1_000_000,
        3_000_000,
        0,
        ClipReason.manual(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Instant.parse("2026-11-20T12:00:00.123456Z"));
  }
}
