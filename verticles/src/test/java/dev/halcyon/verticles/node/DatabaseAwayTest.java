package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database's server is killed under a running stream, and comes back. */
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
        server.kill();
        JsonObject clip = stream.ready(id);
        assertEquals("sealed", clip.getString("status"));
        assertEquals(503, user.send("GET", "/api/clips/" + id).statusCode());
        assertTrue(push.isOn());
        server.startAgain();
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
  private record Server(ProcessHandle process, List<String> command, Path cluster) {
    static Server of(Path cluster) throws IOException {
      long pid =
          Long.parseLong(Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip());
      String command = Files.readString(Path.of("/proc/" + pid + "/cmdline"));
      return new Server(ProcessHandle.of(pid).orElseThrow(), List.of(command.split("\0")), cluster);
    }

    void kill() {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      Deadline.until(
          "the end of the database",
          () -> !process.isAlive() && children.stream().noneMatch(ProcessHandle::isAlive));
    }

    void startAgain() throws IOException {
      Files.delete(cluster.resolve("postmaster.pid"));
      List<String> line = new ArrayList<>(command);
      if (System.getProperty("user.name").equals("root")) {
        // PostgreSQL refuses to run as root.
        line.addAll(0, List.of("unshare", "-U"));
      }
      new ProcessBuilder(line)
          .directory(cluster.toFile())
          .redirectErrorStream(true)
          .redirectOutput(cluster.resolveSibling("restart.log").toFile())
          .start();
    }
  }
}
