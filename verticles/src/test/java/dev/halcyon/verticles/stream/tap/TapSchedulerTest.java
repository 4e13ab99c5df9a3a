package dev.halcyon.verticles.stream.tap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.SceneScore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TapSchedulerTest {
  private static final long RING_BYTES = 8 << 20;

  @TempDir Path folder;

  private Map<NativeMemory.Tag, NativeMemory.Usage> before;

  @BeforeEach
  void lookAtNativeMemory() {
    before = NativeMemory.snapshot();
  }

  @AfterEach
  void leaveNothingNative() {
    assertEquals(before, NativeMemory.snapshot(), "native memory by tag");
  }

  private static List<CodedPacket> twoSeconds() {
    return FedRing.packets(TestCard.builder().build(), 2_000_000);
  }

  /** Does something on each call. */
  private record Calling(Runnable onLevel, Runnable onScene) implements TapListener {
    @Override
    public void onLevel(AudioLevel level, long arrivalUs) {
      onLevel.run();
    }

    @Override
    public void onScene(SceneScore score, long arrivalUs) {
      onScene.run();
    }
  }

  @Test
  void restartsATapThatThrewAndLetsTheOthersGoOn() {
    List<CodedPacket> packets = twoSeconds();
    AtomicInteger calls = new AtomicInteger();
    RecordingListener heard = new RecordingListener();
    try (TapScheduler scheduler = new TapScheduler(1);
        FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap failing =
          new AudioTap(
              fed.ring,
              new Calling(
                  () -> {
                    if (calls.incrementAndGet() == 1) {
                      throw new IllegalStateException("the listener's first call");
                    }
                  },
                  () -> {}));
      AudioTap healthy = new AudioTap(fed.ring, heard);
      scheduler.add(failing);
      scheduler.add(healthy);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      Eventually.isTrue(() -> "levels " + heard.levels, () -> healthy.lagUs() == 0);
      Eventually.isTrue(
          () -> "restarted: calls " + calls + ", lag " + failing.lagUs(),
          () -> calls.get() > 5 && failing.lagUs() == 0);
      assertEquals(1, failing.failureCount());
      assertEquals(0, healthy.failureCount());
      assertEquals(17, heard.levels.size(), 2);
    }
  }

  @Test
  void letsSoundGoBeforePictures() throws InterruptedException {
    List<CodedPacket> packets = twoSeconds();
    CountDownLatch isBlocking = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    try (TapScheduler scheduler = new TapScheduler(1);
        FedRing first = new FedRing(folder, RING_BYTES);
        FedRing second = new FedRing(folder, RING_BYTES)) {
      AudioTap blocking =
          new AudioTap(
              first.ring,
              new Calling(
                  () -> {
                    isBlocking.countDown();
                    await(mayGoOn);
                  },
                  () -> {}));
      scheduler.add(blocking);
      first.beginEpoch(0);
      first.feed(packets, 0);
      isBlocking.await();
      Calling noting = new Calling(() -> order.add("sound"), () -> order.add("picture"));
      VideoTap pictures = new VideoTap(second.ring, noting);
      AudioTap sound = new AudioTap(second.ring, noting);
      second.beginEpoch(0);
      second.feed(packets, 0);
      scheduler.add(pictures);
      scheduler.add(sound);
      mayGoOn.countDown();
      Eventually.isTrue(() -> "order " + order, () -> pictures.lagUs() == 0 && sound.lagUs() == 0);
      assertEquals("sound", order.getFirst());
      assertTrue(order.contains("picture"));
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void stopWaitsForTheSliceThenFreesOnATapThread() throws InterruptedException {
    List<CodedPacket> packets = twoSeconds();
    CountDownLatch isBlocking = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    try (TapScheduler scheduler = new TapScheduler(2);
        FedRing fed = new FedRing(folder, RING_BYTES)) {
      AudioTap tap =
          new AudioTap(
              fed.ring,
              new Calling(
                  () -> {
                    isBlocking.countDown();
                    await(mayGoOn);
                  },
                  () -> {}));
      scheduler.add(tap);
      fed.beginEpoch(0);
      fed.feed(packets, 0);
      isBlocking.await();
      CompletableFuture<String> endedBy =
          tap.stop().thenApply(ended -> Thread.currentThread().getName());
      assertTrue(
          NativeMemory.snapshot().get(NativeMemory.Tag.CODEC).objects()
              > before.get(NativeMemory.Tag.CODEC).objects(),
          "still decoding");
      assertEquals(false, endedBy.isDone());
      mayGoOn.countDown();
      assertTrue(endedBy.join().startsWith("tap-"), endedBy.join());
      assertEquals(before, NativeMemory.snapshot());
      assertTrue(tap.stop().isDone(), "stopping again does nothing");
    }
  }

  @Test
  void freesATapThatNeverRan() {
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      assertTrue(new VideoTap(fed.ring, new RecordingListener()).stop().isDone());
    }
  }

  @Test
  void closeEndsAllTapsAndThreads() {
    List<CodedPacket> packets = twoSeconds();
    List<Tap> taps = new ArrayList<>();
    TapScheduler scheduler = new TapScheduler(2);
    try (FedRing fed = new FedRing(folder, RING_BYTES)) {
      fed.beginEpoch(0);
      for (int i = 0; i < 20; i++) {
        RecordingListener heard = new RecordingListener();
        taps.add(i % 2 == 0 ? new AudioTap(fed.ring, heard) : new VideoTap(fed.ring, heard));
        scheduler.add(taps.getLast());
      }
      fed.feed(packets, 0);
      Eventually.isTrue(
          () -> "running", () -> taps.stream().anyMatch(tap -> tap.processedCount() > 0));
      scheduler.close();
      assertTrue(taps.stream().allMatch(tap -> tap.stop().isDone()));
      assertEquals(before, NativeMemory.snapshot());
      AudioTap late = new AudioTap(fed.ring, new RecordingListener());
      assertThrows(IllegalStateException.class, () -> scheduler.add(late));
      late.stop().join();
    }
  }

  @Test
  void sharesTwoThreadsAmongManyTapsThatComeAndGo() {
    List<CodedPacket> packets = twoSeconds();
    long sounds = FedRing.count(packets, false);
    try (TapScheduler scheduler = new TapScheduler(2);
        FedRing fed = new FedRing(folder, RING_BYTES)) {
      fed.beginEpoch(0);
      for (int round = 0; round < 3; round++) {
        List<Tap> taps = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          taps.add(new AudioTap(fed.ring, new RecordingListener()));
          scheduler.add(taps.getLast());
        }
        fed.feed(packets, round * 2_000_000L);
        Eventually.isTrue(
            () -> "all packets to each",
            () -> taps.stream().allMatch(tap -> tap.processedCount() == sounds));
        taps.forEach(tap -> tap.stop().join());
      }
    }
  }
}
