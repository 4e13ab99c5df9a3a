package dev.halcyon.codecs.mux;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedDemuxerTest {
  private static final TestCard CARD =
      TestCard.builder().size(160, 120).gop(15).start(1_000_000).build();

  @TempDir private Path folder;

  private byte[] card(String container) throws IOException {
    Path file = folder.resolve("card." + container);
    TestCardFile.write(CARD, 1_000_000, file);
    return Files.readAllBytes(file);
  }

  /** Bytes that one can go to a place in. */
  private static ByteFeed places(byte[] bytes) {
    return new ByteFeed() {
      private int position;

      @Override
      public int read(byte[] into, int offset, int length) {
        int count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
        return count == 0 ? -1 : count;
      }

      @Override
      public long lengthBytes() {
        return bytes.length;
      }

      @Override
      public void seek(long target) {
        position = (int) target;
      }
    };
  }

  private static int pictures(FeedDemuxer demuxer) {
    int pictures = 0;
    for (Optional<FeedDemuxer.Unit> unit = demuxer.read();
        unit.isPresent();
        unit = demuxer.read()) {
      pictures += unit.get().track().isVideo() ? 1 : 0;
    }
    return pictures;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ts", "flv", "mp4", "mkv"})
  void readsEveryPictureOfAContainer(String container) throws Throwable {
    byte[] bytes = card(container);
    assertNoLeak(
        () -> {
          try (FeedDemuxer demuxer = FeedDemuxer.open(places(bytes))) {
            assertEquals(2, demuxer.tracks().size());
            assertEquals(30, pictures(demuxer));
          }
        });
  }

  @Test
  void tellsWhyItsFeedFailed() throws Throwable {
    byte[] bytes = card("ts");
    ByteArrayInputStream in = new ByteArrayInputStream(bytes, 0, bytes.length / 2);
    HalcyonException stopped = new HalcyonException(ErrorCode.CANCELLED, "stopped");
    ByteFeed breaking =
        (into, offset, length) -> {
          int count = in.read(into, offset, length);
          if (count < 0) {
            throw stopped;
          }
          return count;
        };
    assertNoLeak(
        () ->
            assertSame(
                stopped,
                assertThrows(
                    HalcyonException.class,
                    () -> {
                      try (FeedDemuxer demuxer = FeedDemuxer.open(breaking)) {
                        pictures(demuxer);
                      }
                    })));
  }

  @Test
  void refusesWhatIsNoMediaAndPlaylistsOfOthers() throws Throwable {
    byte[] noise = new byte[100_000];
    new Random(3).nextBytes(noise);
    byte[] list = "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".getBytes(StandardCharsets.US_ASCII);
    byte[] concat = "ffconcat version 1.0\nfile /etc/passwd\n".getBytes(StandardCharsets.US_ASCII);
    assertNoLeak(
        () -> {
          for (byte[] bytes : new byte[][] {noise, list, concat, new byte[0]}) {
            HalcyonException refused =
                assertThrows(HalcyonException.class, () -> FeedDemuxer.open(places(bytes)));
            assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
          }
        });
  }

  /** An answer or its own error, whatever is changed; and nothing that stays. */
  @Test
  void bearsDamagedContainers() throws Throwable {
    Random random = new Random(5);
    for (String container : new String[] {"ts", "flv", "mp4"}) {
      byte[] whole = card(container);
      assertNoLeak(
          () -> {
            int read = 0;
            for (int round = 0; round < 40; round++) {
              byte[] damaged = whole.clone();
              for (int change = 0; change < 1 + round; change++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
              }
              try (FeedDemuxer demuxer = FeedDemuxer.open(places(damaged))) {
                read += pictures(demuxer);
              } catch (HalcyonException refused) {
                read += 0;
              }
            }
            assertTrue(read > 100, "nothing was read of " + container);
          });
    }
  }

  @Test
  void countsOnWhereStampsBeginAnew() {
    TickUnwrapper ticks = new TickUnwrapper(33);
    long end = 1L << 33;
    assertEquals(end - 10, ticks.unwrap(end - 10));
    assertEquals(end + 5, ticks.unwrap(5));
    assertEquals(end - 2, ticks.unwrap(end - 2));
    assertEquals(end + 8, ticks.near(8, end - 2));
    long half = end / 2 - 10;
    assertEquals(end + half, ticks.unwrap(half));
    assertEquals(end + 2 * half, ticks.unwrap(2 * half));
    assertEquals(2 * end + 1, ticks.unwrap(1));
    TickUnwrapper endless = new TickUnwrapper(64);
    assertEquals(7, endless.unwrap(7));
    assertEquals(1L << 60, endless.unwrap(1L << 60));
  }
}
