package dev.halcyon.codecs.analyse;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;

final class PictureLaneTest {
  private static final int WAITING = 3;

  private final List<Integer> seen = new ArrayList<>();
  private final CountDownLatch isClosed = new CountDownLatch(1);

  @Test
  void looksAtEachPictureInOrderAndIsDoneWhenItHasFinished() throws Throwable {
    assertNoLeak(
        () -> {
          try (PictureLane<Integer> lane = lane((picture, n) -> seen.add(picture.width() * n));
              FrameHandle picture = FrameHandle.ofPicture(avutil.AV_PIX_FMT_GRAY8, 16, 2)) {
            for (int n = 0; n < 100; n++) {
              lane.give(picture.pointer(), n);
            }
            lane.finish();
            assertEquals(IntStream.range(0, 100).map(n -> 16 * n).boxed().toList(), seen);
            assertTrue(isClosed.await(1, TimeUnit.MINUTES));
          }
        });
  }

  @Test
  void whatLookingFailsOfReachesTheGiverWhichNeverWaitsForNobody() throws Throwable {
    IllegalStateException bad = new IllegalStateException("bad picture");
    assertNoLeak(
        () -> {
          try (PictureLane<Integer> lane =
                  lane(
                      (picture, n) -> {
                        throw bad;
                      });
              FrameHandle picture = FrameHandle.ofPicture(avutil.AV_PIX_FMT_GRAY8, 16, 2)) {
            assertSame(
                bad,
                assertThrows(
                    IllegalStateException.class,
                    () -> {
                      for (int n = 0; n < 1_000_000; n++) {
                        lane.give(picture.pointer(), n);
                      }
                    }));
            assertSame(bad, assertThrows(IllegalStateException.class, lane::finish));
          }
        });
  }

  @Test
  void anInterruptedGiverLeavesWithoutWaitingForWhatIsLeft() throws Throwable {
    CountDownLatch mayLook = new CountDownLatch(1);
    assertNoLeak(
        () -> {
          try (PictureLane<Integer> lane =
                  lane(
                      (picture, n) -> {
                        await(mayLook);
                        seen.add(n);
                      });
              FrameHandle picture = FrameHandle.ofPicture(avutil.AV_PIX_FMT_GRAY8, 16, 2)) {
            for (int n = 0; n < WAITING; n++) {
              lane.give(picture.pointer(), n);
            }
            Thread.currentThread().interrupt();
            HalcyonException cancelled =
                assertThrows(HalcyonException.class, () -> lane.give(picture.pointer(), 9));
            assertEquals(ErrorCode.CANCELLED, cancelled.code());
            assertTrue(Thread.interrupted());
            mayLook.countDown();
          }
        });
    assertTrue(seen.size() <= WAITING, seen::toString);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private PictureLane<Integer> lane(BiConsumer<AVFrame, Integer> looker) {
    return new PictureLane<>(
        "lane",
        WAITING,
        () ->
            new PictureLane.Viewer<Integer>() {
              @Override
              public void onPicture(AVFrame picture, Integer note) {
                looker.accept(picture, note);
              }

              @Override
              public void close() {
                isClosed.countDown();
              }
            });
  }
}
