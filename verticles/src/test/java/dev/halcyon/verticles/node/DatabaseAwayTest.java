package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database's server is killed under a running stream, cannot start for a while, comes back. */
@Timeout(120)
class DatabaseAwayTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).bFrames(2).cardId(31).build();

  @TempDir private Path folder;

  @Test
  void mediaGoesOnClipsAreAnnouncedAndRowsFollow() throws Exception {
    try (TestNode node = TestNode.start(folder, Map.of())) {
      TestUser user = node.user();
      TestStream stream = user.quietStream();
      try (CardPush push = CardPush.realTime(stream, CARD)) {
        stream.awaitHeld(1_000_000);
        String id = stream.request(500_000, 3_500_000);
        Server server = Server.of(TestNode.dataDir(folder).resolve("postgresql/cluster"));
        server.keepAway();
        server.kill();
        JsonObject clip = stream.ready(id);
        assertEquals("sealed", clip.getString("status"));
        assertEquals(503, user.send("GET", "/api/clips/" + id).statusCode());
        assertTrue(push.isOn());
        server.letComeBack();
        Deadline.until(
            "the clip's row",
            () ->
                user.send("GET", "/api/clips/" + id).statusCode() == 200
                    && user.client().clip(id).getString("status").equals("sealed"));
        push.assertExact(clip, user.judge(clip));
        JsonObject across = stream.ready(stream.request(700_000, stream.heldToUs() - 100_000));
        push.assertExact(across, user.judge(across));
      }
    }
  }

  /** A PostgreSQL server, by what its cluster says of it. */
  private record Server(ProcessHandle process, Path cluster) {
    static Server of(Path cluster) throws IOException {
      long pid =
          Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip());
      return new Server(ProcessHandle.of(pid).orElseThrow(), cluster);
    }

    /** The next start of it fails. */
    void keepAway() throws IOException {
      Files.move(cluster.resolve("PG_VERSION"), cluster.resolve("PG_VERSION.away"));
    }

    void letComeBack() throws IOException {
      Files.move(cluster.resolve("PG_VERSION.away"), cluster.resolve("PG_VERSION"));
    }

    void kill() {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      Deadline.until(
          "the end of the database",
          () -> !process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    }
  }
}
