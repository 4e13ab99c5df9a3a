package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred clips that are asked for in the same moment, and close in the same moment. */
@Timeout(180)
class ManyClipsTest {
  private static final int CLIPS = 200;
  private static final int CALLERS = 16;
  private static final long SEED = 20_261_121;
  private static final TestCard CARD =
      TestCard.builder().size(320, 180).bFrames(2).cardId(61).build();

  @Test
  void noneIsLost(@TempDir Path folder) throws Exception {
    try (TestNode node = TestNode.start(folder, Map.of())) {
      TestUser user = node.user();
      TestStream stream = user.quietStream();
      try (CardPush push = CardPush.realTime(stream, CARD)) {
        stream.awaitHeld(3_000_000);
        List<String> ids = requestAll(stream);
        Set<String> open = new HashSet<>(ids);
        assertEquals(CLIPS, open.size());
        for (String id : ids) {
          stream.ready(id);
          List<String> states =
              stream.saidOf(id).stream().map(message -> message.getString("type")).toList();
          assertEquals(List.of("clip.opened", "clip.playable", "clip.ready"), states);
        }
        Random random = new Random(SEED);
        for (int i = 0; i < 5; i++) {
          JsonObject clip = stream.ready(ids.get(random.nextInt(CLIPS)));
          push.assertExact(clip, user.judge(clip));
        }
        Deadline.until("no clip that is being made", () -> node.metric("halcyon_clips_open") == 0);
        assertTrue(push.isOn());
      }
    }
  }

  /** Windows of a second and more, from before now to a little after, no two alike. */
  private static List<String> requestAll(TestStream stream) throws Exception {
    long nowUs = stream.heldToUs();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Future<String>> asked = new ArrayList<>();
      for (int i = 0; i < CLIPS; i++) {
        long fromUs = nowUs - 1_500_000 + i * 1_000L;
        asked.add(callers.submit(() -> stream.request(fromUs, nowUs + 1_500_000)));
      }
      List<String> ids = new ArrayList<>();
      for (Future<String> id : asked) {
        ids.add(id.get());
      }
      return ids;
    }
  }
}
