package dev.halcyon.verticles.node;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.DatabaseAddress;
import dev.halcyon.verticles.store.OwnDatabase;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a node makes of clips that the one before it did not come to the end of. */
@ExtendWith(OwnDatabase.class)
@Timeout(120)
class LeftClipsTest {
  private static final TestCard CARD = TestCard.builder().size(160, 120).cardId(61).build();
  private static final long LENGTH_US = 1_500_000;

  /** Of a contract: all that follows from the request and from what the ring held. */
  private static final List<String> ASKED_AND_HELD =
      List.of(
          "requested_start_us",
          "requested_end_us",
          "delivered_start_us",
          "delivered_end_us",
          "clamped",
          "epochs");

  @TempDir private Path folder;

  private TestNode start(Database database) throws Exception {
    DatabaseAddress address = database.address();
    String url =
        "postgresql://%s:%s@%s:%d/%s"
            .formatted(
                address.user(),
                address.password(),
                address.host(),
                address.port(),
                address.database());
    return TestNode.start(folder, Map.of("HALCYON_DATABASE_URL", url));
  }

  private static void publish(TestStream stream, int times) throws Exception {
    CardPush.fast(stream, CARD, LENGTH_US).await();
    Deadline.until("the end", () -> stream.said("stream.ended").size() == times);
  }

  /** The stream's own setting is to stitch, and its ring holds some seconds of an hour. */
  @Test
  void tellsOfAShortenedClipWhatItWasAskedForAlsoAfterARestart(Database database) throws Exception {
    String account;
    JsonObject sealed;
    try (TestNode node = start(database)) {
      TestUser user = node.visitor();
      account = user.register();
      TestStream stream = user.quietStream();
      publish(stream, 1);
      publish(stream, 2);
      JsonObject lastHour = new JsonObject().put("last_s", 3_600).put("epochs", "split");
      sealed = stream.ready(stream.request(lastHour));
      stream.await("clip.ready", clip -> clip.getString("continues") != null);
    }
    JsonObject before = TestUser.contract(sealed);
    assertTrue(before.getBoolean("clamped"), before::encode);
    assertEquals(List.of(0), before.getJsonArray("epochs").getList());
    String id = sealed.getString("id");
    unseal(database, id);
    try (TestNode again = start(database)) {
      TestUser user = again.visitor();
      user.login(account);
      Deadline.until(
          "the clip that was open",
          () -> user.client().clip(id).getString("status").equals("sealed"));
      JsonObject after = TestUser.contract(user.client().clip(id));
      ASKED_AND_HELD.forEach(
          key -> assertEquals(before.getValue(key), after.getValue(key), after::encode));
    }
  }

  @Test
  void makesThePosterThatWasPromised(Database database) throws Exception {
    String account;
    String poster;
    try (TestNode node = start(database)) {
      TestUser user = node.visitor();
      account = user.register();
      TestStream stream = user.quietStream();
      publish(stream, 1);
      JsonObject clip = stream.ready(stream.request(200_000, 1_200_000));
      poster = clip.getString("poster_url").replaceFirst("\\?.*", "");
      Deadline.until("its poster", () -> user.send("GET", poster).statusCode() == 200);
      for (Path file : node.clipFiles()) {
        if (file.toString().endsWith(".jpg")) {
          Files.delete(file);
        }
      }
      assertEquals(404, user.send("GET", poster).statusCode());
    }
    try (TestNode again = start(database)) {
      TestUser user = again.visitor();
      user.login(account);
      Deadline.until("the poster", () -> user.send("GET", poster).statusCode() == 200);
    }
  }

  /** Its row as it was until its file was there: as if the node had been killed just before. */
  private static void unseal(Database database, String id) {
    Tuple clip = Tuple.of(UUID.fromString(id));
    for (String statement :
        List.of(
            "DELETE FROM clip_versions WHERE clip_id = $1",
            "UPDATE clips SET status = 'opened', poster_key = NULL WHERE id = $1")) {
      await(database.pool().preparedQuery(statement).execute(clip));
    }
  }
}
