package dev.halcyon.verticles.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.RestedStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClipCloserTest {
  private static final long PICTURE_US = 40_000;
  private static final int PICTURES = 100;

  /** An avcC without parameter sets: enough to be copied. */
  private static final Bytes AVC_CONFIG = Bytes.copyOf(HexFormat.of().parseHex("01640020ffe000"));

  @TempDir private Path folder;
  private Ring ring;
  private LiveStream stream;

  @BeforeEach
  void fill() {
    ring = Ring.create(folder.resolve("a.ring"), new RingOptions(8L << 20, 600_000_000));
    RingWriter writer = ring.writer();
    writer.beginEpoch(0, 0, 0);
    writer.configure(new Track(0, new VideoFormat(Codec.H264, 1280, 720, AVC_CONFIG)));
    for (int i = 0; i < PICTURES; i++) {
      long us = i * PICTURE_US;
      writer.append(0, i % 25 == 0, us, us, 0, us, ByteBuffer.allocateDirect(100));
    }
    stream = RestedStream.of(ring);
  }

  @AfterEach
  void close() {
    ring.close();
  }

  /** A damaged disk under a ring is met as an error: the clips of all other rings must go on. */
  @Test
  void anErrorOverOneClipIsNotTheEndOfTheOthers() throws InterruptedException {
    OpenClip broken = clip();
    OpenClip sound = clip();
    CountDownLatch closed = new CountDownLatch(2);
    Set<UUID> playable = ConcurrentHashMap.newKeySet();
    ClipCloser.Listener listener =
        new ClipCloser.Listener() {
          @Override
          public void onPlayable(OpenClip clip) {
            if (clip == broken) {
              throw new InternalError("a fault occurred in an unsafe memory access operation");
            }
            playable.add(clip.clip().id());
          }

          @Override
          public void onClosed(OpenClip clip) {
            closed.countDown();
          }
        };
    try (ClipCloser closer = new ClipCloser(listener, Clock.system())) {
      closer.add(broken);
      closer.add(sound);
      assertTrue(closed.await(20, TimeUnit.SECONDS), "a window is not watched any more");
      assertEquals(Set.of(sound.clip().id()), playable);
    }
  }

  private OpenClip clip() {
    long toUs = (PICTURES - 10) * PICTURE_US;
    Clip clip =
        new Clip(
            UUID.randomUUID(),
            stream.workspaceId(),
            new ClipOrigin.OfStream(stream.id()),
            ClipStatus.OPENED,
            "",
            "",
            List.of(),
            PICTURE_US,
            toUs,
            0,
            ClipReason.manual(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH);
    ResolvedWindow window =
        new ResolvedWindow(EpochSpan.only(0), PICTURE_US, toUs, PICTURE_US, toUs, false);
    return new OpenClip(
        clip,
        stream,
        new ClipSources(id -> Optional.empty(), Duration.ofHours(1)),
        ClipSources.Origin.RING,
        new ClipSpan(window, Crossing.STITCH, 0),
        new OpenClip.Trigger(0, 0));
  }
}
