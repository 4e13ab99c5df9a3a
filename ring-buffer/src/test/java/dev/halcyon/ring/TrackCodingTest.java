package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrackCodingTest {
  private static final Bytes CONFIG = Bytes.copyOf(new byte[] {1, 2, 3});

  private static final Display FULL =
      new Display(
          Orientation.MIRRORED_CLOCKWISE_270,
          Optional.of(new SampleAspect(0xffff, 3)),
          Optional.of(new ColourCode(9, 16, 9, true)),
          Optional.of(
              new MasteringDisplay(
                  new Point(1, 0xffff),
                  new Point(3, 4),
                  new Point(5, 6),
                  new Point(7, 8),
                  0xffff_ffffL,
                  9)),
          Optional.of(new ContentLight(1000, 0xffff)));

  private static String hex(TrackFormat format) {
    ByteBuffer payload = TrackCoding.encode(format);
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static TrackFormat decoded(String hex) {
    return TrackCoding.decode(0, ByteBuffer.wrap(HexFormat.of().parseHex(hex))).format();
  }

  @Test
  void keepsTheFirstFormWhereNothingIsSaidBesideTheMedia() {
    assertEquals(
        "01010000" + "00050000" + "d0020000" + "010203",
        hex(new VideoFormat(Codec.H264, 1280, 720, CONFIG)));
    assertEquals(
        "01400000" + "80bb0000" + "02000000" + "010203",
        hex(new AudioFormat(Codec.AAC, 48_000, 2, CONFIG)));
  }

  @Test
  void addsTagsInTheSecondForm() {
    VideoFormat turned =
        new VideoFormat(Codec.H264, 1280, 720, CONFIG, Display.turned(Orientation.CLOCKWISE_90));
    assertEquals(
        "02010000" + "00050000" + "d0020000" + "03000000" + "010203" + "010101", hex(turned));
  }

  @Test
  void givesBackEverythingThatIsSaid() {
    for (TrackFormat format :
        List.of(
            new VideoFormat(Codec.HEVC, 1280, 720, CONFIG, FULL),
            new VideoFormat(Codec.AV1, 0, 0, Bytes.EMPTY, FULL),
            new VideoFormat(Codec.VP8, 1, 2, Bytes.EMPTY),
            new AudioFormat(Codec.OPUS, 48_000, 2, CONFIG))) {
      assertEquals(format, decoded(hex(format)));
    }
  }

  @Test
  void passesOverUnknownTags() {
    String tail = "63" + "02" + "aabb" + "01" + "01" + "02";
    TrackFormat format = decoded("02010000" + "00050000" + "d0020000" + "00000000" + tail);
    assertEquals(Orientation.UPSIDE_DOWN, ((VideoFormat) format).display().orientation());
  }

  @Test
  void callsAnythingElseCorrupt() {
    byte[] whole =
        HexFormat.of().parseHex(hex(new VideoFormat(Codec.HEVC, 1280, 720, CONFIG, FULL)));
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      ByteBuffer cut = ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1));
      try {
        TrackCoding.decode(0, cut);
      } catch (HalcyonException corrupt) {
        assertEquals(ErrorCode.RING_CORRUPT, corrupt.code(), "seed 5, round " + i);
        refused++;
      }
    }
    assertTrue(refused > 0, "some of it cannot be read");
    assertThrows(
        HalcyonException.class,
        () -> TrackCoding.decode(0, ByteBuffer.wrap(new byte[] {3, 1, 0, 0})));
  }
}
