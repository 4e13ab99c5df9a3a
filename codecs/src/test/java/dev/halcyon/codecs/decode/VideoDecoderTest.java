package dev.halcyon.codecs.decode;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.CodedTrack.CodedPacket;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.codecs.media.MediaFactory.VideoShape;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VideoDecoderTest {
  private static final VideoShape SMALL = new VideoShape(160, 96, 25, 50, 10, 2);

  /** The frame's index as brightness. */
  private static CodedTrack track(VideoShape shape) {
    return MediaFactory.h264(shape, (frame, x, y) -> 20 + 4 * frame);
  }

  private static int centreLuma(Picture picture) {
    int at = picture.heightPx() / 2 * picture.frame().linesize(0) + picture.widthPx() / 2;
    return picture.frame().data(0).get(at) & 0xff;
  }

  @Test
  void decodesEveryPictureInOrderWithItsTime() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = track(SMALL);
          List<Long> times = new ArrayList<>();
          try (VideoDecoder decoder =
              new VideoDecoder((VideoFormat) track.format(), VideoDecoder.Mode.ALL)) {
            for (CodedPacket packet : track.packets()) {
              decoder.decode(
                  packet.payload(),
                  packet.isKeyframe(),
                  packet.ptsUs(),
                  picture -> {
                    assertEquals(20 + 4 * times.size(), centreLuma(picture), 2);
                    times.add(picture.ptsUs());
                  });
            }
            decoder.drain(picture -> times.add(picture.ptsUs()));
            assertEquals(0, decoder.corruptPackets());
          }
          assertEquals(LongStream.range(0, 50).map(i -> i * 40_000).boxed().toList(), times);
        });
  }

  @Test
  void givesEachKeyframeAtOnceAlsoWithBFrames() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = track(SMALL);
          List<Long> times = new ArrayList<>();
          try (VideoDecoder decoder =
              new VideoDecoder((VideoFormat) track.format(), VideoDecoder.Mode.COARSE_KEYFRAMES)) {
            for (CodedPacket packet : track.packets()) {
              int before = times.size();
              decoder.decode(
                  packet.payload(),
                  packet.isKeyframe(),
                  packet.ptsUs(),
                  picture -> {
                    assertEquals(
                        20.0 + 4 * Math.toIntExact(picture.ptsUs() / 40_000),
                        centreLuma(picture),
                        4);
                    times.add(picture.ptsUs());
                  });
              assertEquals(packet.isKeyframe() ? before + 1 : before, times.size());
            }
          }
          assertEquals(LongStream.range(0, 5).map(i -> i * 400_000).boxed().toList(), times);
        });
  }

  @Test
  void goesOnWithANewPictureSize() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack first = track(SMALL);
          CodedTrack second = track(new VideoShape(320, 180, 25, 11, 10, 0));
          List<Integer> widths = new ArrayList<>();
          try (VideoDecoder decoder =
              new VideoDecoder((VideoFormat) first.format(), VideoDecoder.Mode.KEYFRAMES)) {
            for (CodedTrack track : List.of(first, second)) {
              decoder.reconfigure((VideoFormat) track.format());
              for (CodedPacket packet : track.packets()) {
                decoder.decode(
                    packet.payload(),
                    packet.isKeyframe(),
                    packet.ptsUs(),
                    picture -> widths.add(picture.widthPx()));
              }
            }
          }
          assertEquals(List.of(160, 160, 160, 160, 160, 320, 320), widths);
        });
  }

  @Test
  void countsAndPassesOverCorruptPackets() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = track(SMALL);
          Random random = new Random(11);
          List<Long> times = new ArrayList<>();
          try (VideoDecoder decoder =
              new VideoDecoder((VideoFormat) track.format(), VideoDecoder.Mode.KEYFRAMES)) {
            for (CodedPacket packet : track.packets()) {
              ByteBuffer payload = packet.payload();
              if (packet.ptsUs() == 400_000) {
                byte[] noise = new byte[payload.remaining()];
                random.nextBytes(noise);
                payload = ByteBuffer.wrap(noise);
              } else if (packet.ptsUs() == 800_000) {
                payload = ByteBuffer.allocate(0);
              }
              decoder.decode(
                  payload,
                  packet.isKeyframe(),
                  packet.ptsUs(),
                  picture -> times.add(picture.ptsUs()));
            }
            assertEquals(2, decoder.corruptPackets(), "seed 11");
          }
          assertEquals(List.of(0L, 1_200_000L, 1_600_000L), times);
        });
  }

  @Test
  void keepsTheOldConfigurationWhenTheNewOneCannotBeOpened() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = track(SMALL);
          int[] pictures = new int[1];
          try (VideoDecoder decoder =
              new VideoDecoder((VideoFormat) track.format(), VideoDecoder.Mode.KEYFRAMES)) {
            assertThrows(
                HalcyonException.class,
                () ->
                    decoder.reconfigure(
                        new VideoFormat(Codec.H264, 160, 96, Bytes.copyOf(new byte[2 << 20]))));
            CodedPacket first = track.packets().getFirst();
            decoder.decode(first.payload(), true, 0, picture -> pictures[0]++);
          }
          assertEquals(1, pictures[0]);
        });
  }

  @Test
  void survivesRandomDamageOfEveryPacket() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = track(SMALL);
          for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int[] pictures = new int[1];
            try (VideoDecoder decoder =
                new VideoDecoder((VideoFormat) track.format(), VideoDecoder.Mode.ALL)) {
              for (CodedPacket packet : track.packets()) {
                byte[] bytes = new byte[packet.payload().remaining()];
                packet.payload().get(0, bytes);
                for (int i = 0; i < 3; i++) {
                  bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                decoder.decode(
                    ByteBuffer.wrap(bytes),
                    packet.isKeyframe(),
                    packet.ptsUs(),
                    picture -> pictures[0]++);
              }
              decoder.drain(picture -> pictures[0]++);
              assertTrue(
                  pictures[0] + decoder.corruptPackets() > 0, "seed " + seed + ": accounted for");
            }
          }
        });
  }
}
