package dev.halcyon.verticles.clip.after;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkDeskTest {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private static ErrorCode refusal(CompletableFuture<?> work) {
    ExecutionException failure =
        assertThrows(ExecutionException.class, () -> work.get(10, TimeUnit.SECONDS));
    return ((HalcyonException) failure.getCause()).code();
  }

  /** proc(5): the nice value is field 19; the name, field 2, may hold blanks. */
  private static int nice() throws Exception {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    List<String> afterName = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Integer.parseInt(afterName.get(19 - 3));
  }

  @Test
  void worksOnNamedThreadsOfLowPriority() throws Exception {
    int before = nice();
    try (WorkDesk desk = new WorkDesk("desk", 1, 1, 1)) {
      assertEquals(10, desk.submit(ONE, WorkDeskTest::nice).get(10, TimeUnit.SECONDS));
      assertEquals(
          "desk-0",
          desk.submit(ONE, () -> Thread.currentThread().getName()).get(10, TimeUnit.SECONDS));
    }
    assertEquals(before, nice(), "the caller's own priority");
  }

  @Test
  void refusesWhatWouldWaitTooLong() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(1);
    try (WorkDesk desk = new WorkDesk("desk", 1, 1, 10)) {
      CompletableFuture<Boolean> first =
          desk.submit(
              ONE,
              () -> {
                began.countDown();
                return release.await(20, TimeUnit.SECONDS);
              });
      assertTrue(began.await(10, TimeUnit.SECONDS));
      CompletableFuture<String> second = desk.submit(ONE, () -> "done");
      assertEquals(ErrorCode.RATE_LIMITED, refusal(desk.submit(OTHER, () -> "no")));
      release.countDown();
      assertTrue(first.get(10, TimeUnit.SECONDS));
      assertEquals("done", second.get(10, TimeUnit.SECONDS));
      assertEquals("again", desk.submit(OTHER, () -> "again").get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void keepsRoomForOtherWorkspaces() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (WorkDesk desk = new WorkDesk("desk", 1, 100, 2)) {
      CompletableFuture<Boolean> first =
          desk.submit(ONE, () -> release.await(20, TimeUnit.SECONDS));
      CompletableFuture<Boolean> second = desk.submit(ONE, () -> true);
      assertEquals(ErrorCode.RATE_LIMITED, refusal(desk.submit(ONE, () -> true)));
      CompletableFuture<String> other = desk.submit(OTHER, () -> "theirs");
      release.countDown();
      assertTrue(first.get(10, TimeUnit.SECONDS));
      assertTrue(second.get(10, TimeUnit.SECONDS));
      assertEquals("theirs", other.get(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void passesOnWhatWentWrong() throws Exception {
    try (WorkDesk desk = new WorkDesk("desk", 1, 1, 1)) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Object> work =
            desk.submit(
                ONE,
                () -> {
                  throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "damage");
                });
        assertEquals(ErrorCode.CORRUPT_MEDIA, refusal(work));
      }
    }
  }

  @Test
  void interruptsWhatIsInHandWhenItCloses() throws Exception {
    CountDownLatch began = new CountDownLatch(1);
    WorkDesk desk = new WorkDesk("desk", 1, 1, 1);
    CompletableFuture<Object> work =
        desk.submit(
            ONE,
            () -> {
              began.countDown();
              new CountDownLatch(1).await();
              return null;
            });
    assertTrue(began.await(10, TimeUnit.SECONDS));
    desk.close();
    ExecutionException ended =
        assertThrows(ExecutionException.class, () -> work.get(10, TimeUnit.SECONDS));
    assertTrue(ended.getCause() instanceof InterruptedException);
    assertEquals(ErrorCode.RATE_LIMITED, refusal(desk.submit(ONE, () -> null)));
  }

  @Test
  void doesTheSameWorkOnceForAllWhoAskMeanwhile() throws Exception {
    InHand<String, String> inHand = new InHand<>();
    CompletableFuture<String> first = inHand.join("a", CompletableFuture::new);
    assertSame(first, inHand.join("a", CompletableFuture::new));
    CompletableFuture<String> other =
        inHand.join("b", () -> CompletableFuture.completedFuture("at once"));
    assertEquals("at once", other.join());
    first.complete("done");
    CompletableFuture<String> next =
        inHand.join("a", () -> CompletableFuture.failedFuture(new IllegalStateException("x")));
    assertThrows(CompletionException.class, next::join);
    assertEquals("anew", inHand.join("a", () -> CompletableFuture.completedFuture("anew")).join());
  }
}
