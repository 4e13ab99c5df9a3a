package dev.halcyon.codecs.mux;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes over real RTMP; the server is Debian's ffmpeg, where it is installed. */
@Timeout(60)
class LivePushTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).bFrames(2).audioOffset(40_000).build();

  private static final long TWO_SECONDS_US = 2_000_000;

  @TempDir private Path folder;

  @Test
  void pushesACardThatArrivesWhole() throws Throwable {
    assertNoLeak(
        () -> {
          List<Long> sentDtsUs = new ArrayList<>();
          try (Receiver receiver = new Receiver(folder)) {
            LivePush.Report report =
                receiver.push(
                    () -> TestCardSource.of(CARD, TWO_SECONDS_US),
                    url ->
                        new LivePush(
                            url,
                            Pace.UNBOUNDED,
                            5000,
                            (track, dtsUs, ptsUs, nanoTime) -> sentDtsUs.add(dtsUs)));
            assertEquals(LivePush.End.SOURCE_ENDED, report.end());
            assertEquals(report.packets(), sentDtsUs.size());
            assertEquals(sentDtsUs.stream().sorted().toList(), sentDtsUs);
            assertWhole(receiver.verdict(), 60);
          }
        });
  }

  @Test
  void sendsInRealTime() throws Exception {
    List<Long> sentAtNs = new ArrayList<>();
    try (Receiver receiver = new Receiver(folder)) {
      receiver.push(
          () -> TestCardSource.of(CARD, 1_000_000),
          url ->
              new LivePush(
                  url,
                  Pace.REAL_TIME,
                  5000,
                  (track, dtsUs, ptsUs, nanoTime) -> sentAtNs.add(nanoTime)));
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(sentAtNs.getLast() - sentAtNs.getFirst());
    assertTrue(tookMs >= 950, () -> "one second was sent in " + tookMs + " ms");
  }

  @Test
  void announcesAnotherPictureSizeOnTheWay() throws Exception {
    TestCard resized =
        TestCard.builder().size(160, 120).bFrames(2).sizeChange(30, 240, 136).build();
    try (Receiver receiver = new Receiver(folder)) {
      receiver.push(
          () -> TestCardSource.of(resized, TWO_SECONDS_US),
          url -> new LivePush(url, Pace.UNBOUNDED));
      Verdict verdict = receiver.verdict();
      assertWhole(verdict, 60);
      assertEquals(List.of("160x120", "240x136"), verdict.pictures().orElseThrow().sizes());
    }
  }

  @Test
  void copiesFilesOfAnyContainer() throws Throwable {
    assertNoLeak(
        () -> {
          for (String name : List.of("card.mp4", "card.ts", "card.mkv")) {
            Path file = folder.resolve(name);
            TestCardFile.write(CARD, TWO_SECONDS_US, file);
            try (Receiver receiver = new Receiver(folder)) {
              receiver.push(() -> FileSource.open(file), url -> new LivePush(url, Pace.UNBOUNDED));
              assertWhole(receiver.verdict(), 60);
            }
          }
        });
  }

  @Test
  void stopsAnEndlessPushInOrder() throws Exception {
    CountDownLatch underWay = new CountDownLatch(40);
    try (Receiver receiver = new Receiver(folder)) {
      CompletableFuture<LivePush> pushing = new CompletableFuture<>();
      Thread stopper =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      underWay.await();
                      pushing.join().stop();
                    } catch (InterruptedException interrupted) {
                      Thread.currentThread().interrupt();
                    }
                  });
      LivePush.Report report =
          receiver.push(
              () -> TestCardSource.endless(TestCard.builder().size(160, 120).build()),
              url -> {
                LivePush push =
                    new LivePush(
                        url,
                        new Pace(400),
                        5000,
                        (track, dtsUs, ptsUs, nanoTime) -> underWay.countDown());
                pushing.obtrudeValue(push);
                return push;
              });
      stopper.join();
      assertEquals(LivePush.End.STOPPED, report.end());
      assertEquals(List.of(), receiver.verdict().faults());
    }
  }

  @Test
  void endsWhenTheServerIsSilent() throws Throwable {
    assertNoLeak(
        () -> {
          try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
              TestCardSource source = TestCardSource.endless(CARD)) {
            LivePush push =
                new LivePush(urlOf(silent.getLocalPort()), Pace.UNBOUNDED, 300, (a, b, c, d) -> {});
            HalcyonException lost = assertThrows(HalcyonException.class, () -> push.run(source));
            assertEquals(ErrorCode.NETWORK_LOST, lost.code());
            assertTrue(!lost.getMessage().contains("secret"), lost::getMessage);
          }
        });
  }

  @Test
  void stopsWhileTheServerIsSilent() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TestCardSource source = TestCardSource.endless(CARD)) {
      LivePush push =
          new LivePush(urlOf(silent.getLocalPort()), Pace.UNBOUNDED, 50_000, (a, b, c, d) -> {});
      Thread aborter =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      silent.accept();
                      push.abort();
                    } catch (IOException failure) {
                      throw new IllegalStateException(failure);
                    }
                  });
      assertEquals(LivePush.End.STOPPED, push.run(source).end());
      aborter.join();
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (TestCardSource source = TestCardSource.endless(CARD)) {
      HalcyonException lost =
          assertThrows(
              HalcyonException.class, () -> new LivePush(urlOf(port), Pace.UNBOUNDED).run(source));
      assertEquals(ErrorCode.NETWORK_LOST, lost.code());
    }
  }

  @Test
  void saysThatTheServerWentAway() throws Exception {
    try (Receiver receiver = new Receiver(folder)) {
      HalcyonException lost =
          assertThrows(
              HalcyonException.class,
              () ->
                  receiver.push(
                      () -> TestCardSource.endless(CARD),
                      url ->
                          new LivePush(
                              url,
                              Pace.UNBOUNDED,
                              5000,
                              (track, dtsUs, ptsUs, nanoTime) -> receiver.kill())));
      assertEquals(ErrorCode.NETWORK_LOST, lost.code());
    }
  }

  @Test
  void refusesOtherCodecsBeforeItConnects() throws Throwable {
    TestCard vp8 = TestCard.builder().size(160, 120).video(Codec.VP8).audio(Codec.OPUS).build();
    Path file = folder.resolve("vp8.mkv");
    TestCardFile.write(vp8, 200_000, file);
    assertNoLeak(
        () -> {
          HalcyonException refused =
              assertThrows(HalcyonException.class, () -> FileSource.open(file));
          assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refused.code());
        });
    try (TestCardSource source = TestCardSource.endless(vp8)) {
      HalcyonException refused =
          assertThrows(
              HalcyonException.class, () -> new LivePush(urlOf(9), Pace.REAL_TIME).run(source));
      assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refused.code());
    }
  }

  private static String urlOf(int port) {
    return "rtmp://127.0.0.1:" + port + "/live/secret";
  }

  private static void assertWhole(Verdict verdict, int frames) {
    assertEquals(List.of(), verdict.faults(1000), verdict::toString);
    assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
    assertEquals(frames - 1, verdict.pictures().orElseThrow().lastFrame());
  }

  /** Debian's ffmpeg, waiting for one publisher and writing what it gets into a file. */
  private static final class Receiver implements AutoCloseable {
    private static final String PROGRAM = "/usr/bin/ffmpeg";

    private final int port;
    private final Path file;
    private final Process process;

    Receiver(Path folder) throws IOException {
      boolean isThere = new File(PROGRAM).canExecute();
      if (!isThere) {
        System.out.println("skipped: no " + PROGRAM);
      }
      assumeTrue(isThere, "no " + PROGRAM);
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      file = folder.resolve("received-" + port + ".flv");
      process =
          new ProcessBuilder(
                  PROGRAM,
                  "-v",
                  "error",
                  "-y",
                  "-listen",
                  "1",
                  "-i",
                  urlOf(port),
                  "-map",
                  "0",
                  "-c",
                  "copy",
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
    }

    /** Pushes as soon as the program listens. */
    LivePush.Report push(Supplier<PacketSource> sources, Function<String, LivePush> pushes) {
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (true) {
        LivePush push = pushes.apply(urlOf(port));
        try (PacketSource source = sources.get()) {
          return push.run(source);
        } catch (HalcyonException failure) {
          boolean isRefused =
              failure.code() == ErrorCode.NETWORK_LOST
                  && failure.getMessage().contains("refused")
                  && process.isAlive();
          if (!isRefused || System.nanoTime() > deadlineNs) {
            throw failure;
          }
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
      }
    }

    /** What arrived, after the program saw the end of it. */
    Verdict verdict() throws InterruptedException {
      assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the receiver saw no end");
      return TestCardJudge.judge(file);
    }

    void kill() {
      process.destroyForcibly();
    }

    @Override
    public void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
