package dev.halcyon.verticles.node;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.testcard.TestCard;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node holds does not grow with publishers that come and go. */
@Timeout(120)
class NodeLeaksTest {
  private static final int WARM_UP_ROUNDS = 4;
  private static final int ROUNDS_A_CLIP = 4;
  private static final int ROUNDS = 20;

  private static final List<String> POOLS =
      List.of("vert.x-worker-thread", "vert.x-internal-blocking", "HttpClient-", "ForkJoinPool");

  /** Less than one a round. */
  private static final int MORE_THREADS = ROUNDS / 2;

  private static final int MORE_DESCRIPTORS = ROUNDS / 2;

  private static final TestCard CARD = TestCard.builder().size(160, 120).bFrames(2).build();

  @TempDir private Path folder;

  @Test
  void publishersThatComeAndGoLeaveNothingBehind() throws Exception {
    try (TestNode node = TestNode.start(folder, Map.of())) {
      TestUser user = node.user();
      TestStream stream = user.quietStream();
      for (int round = 1; round <= WARM_UP_ROUNDS; round++) {
        publishAndClip(user, stream, round);
      }
      Map<NativeMemory.Tag, Long> objects = nativeObjects();
      int threads = threads();
      int descriptors = descriptors();
      for (int round = 1; round <= ROUNDS; round++) {
        publishAndClip(user, stream, WARM_UP_ROUNDS + round);
      }
      Deadline.until(
          "native objects as before: " + objects + ", are " + nativeObjects(),
          () -> isWithin(objects, nativeObjects()));
      Deadline.until(
          "threads as before: " + threads + ", are " + threads(),
          () -> threads() < threads + MORE_THREADS);
      Deadline.until(
          "descriptors as before: " + descriptors + ", are " + descriptors(),
          () -> descriptors() < descriptors + MORE_DESCRIPTORS);
    }
  }

  private static void publishAndClip(TestUser user, TestStream stream, int round) throws Exception {
    CardPush.fast(stream, CARD, 600_000).await();
    Deadline.until("the end of round " + round, () -> stream.said("stream.ended").size() == round);
    if (round % ROUNDS_A_CLIP == 0) {
      JsonObject clip = stream.ready(stream.request(new JsonObject().put("last_s", 0.5)));
      String poster = Objects.requireNonNull(clip.getString("poster_url"));
      Deadline.until("the poster", () -> user.send("GET", poster).statusCode() == 200);
    }
  }

  /** A poster may still have been in the making when the first ones were counted. */
  private static boolean isWithin(
      Map<NativeMemory.Tag, Long> before, Map<NativeMemory.Tag, Long> now) {
    return now.entrySet().stream().allMatch(tag -> tag.getValue() <= before.get(tag.getKey()));
  }

  private static Map<NativeMemory.Tag, Long> nativeObjects() {
    Map<NativeMemory.Tag, Long> objects = new EnumMap<>(NativeMemory.Tag.class);
    NativeMemory.snapshot().forEach((tag, usage) -> objects.put(tag, usage.objects()));
    return objects;
  }

  /** Those outside of the pools that have a size and grow to it. */
  private static int threads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> POOLS.stream().noneMatch(name::startsWith))
            .count();
  }

  private static int descriptors() {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }
}
