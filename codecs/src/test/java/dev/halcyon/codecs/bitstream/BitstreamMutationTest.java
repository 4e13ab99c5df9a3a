package dev.halcyon.codecs.bitstream;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.VideoEncoder.Scan;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged and foreign configurations and keyframes: read as far as they go, and no further. */
class BitstreamMutationTest {
  private static final long SEED = 4711;
  private static final int ROUNDS = 4_000;

  @Test
  void readsAnythingWithoutFailing() {
    List<CodedDisplayTest.Coded> sources = new ArrayList<>();
    sources.add(CodedDisplayTest.coded(Codec.H264, CodedDisplayTest.HDR10, Scan.INTERLACED, 3));
    for (Codec codec : List.of(Codec.H264, Codec.HEVC, Codec.AV1)) {
      sources.add(CodedDisplayTest.coded(codec, CodedDisplayTest.HDR10, Scan.PROGRESSIVE, 2));
    }
    CodedDisplayTest.Coded av1 = sources.getLast();
    String withMetadata = CodedDisplayTest.AV1_METADATA + av1.keyframe();
    sources.add(
        new CodedDisplayTest.Coded(
            av1.format(), Bytes.copyOf(HexFormat.of().parseHex(withMetadata))));
    sources.add(CodedDisplayTest.coded(Codec.VP9, Display.PLAIN, Scan.PROGRESSIVE, 0));
    sources.add(CodedDisplayTest.coded(Codec.VP8, Display.PLAIN, Scan.PROGRESSIVE, 0));
    Random random = new Random(SEED);
    int readable = 0;
    for (int i = 0; i < ROUNDS; i++) {
      for (CodedDisplayTest.Coded source : sources) {
        VideoFormat format = source.format();
        Bytes config = mutated(format.config(), random);
        Bytes keyframe = mutated(head(source.keyframe()), random);
        int widthPx = random.nextInt(4) == 0 ? 0 : format.widthPx();
        VideoFormat damaged = new VideoFormat(format.codec(), widthPx, 96, config);
        String what = "seed " + SEED + ", round " + i + ": " + config + " / " + keyframe;
        readable += read(damaged, keyframe, what) ? 1 : 0;
      }
    }
    assertTrue(readable > ROUNDS, "some of it could still be read");
  }

  @Test
  void readsSoundWithoutFailing() {
    Random random = new Random(SEED);
    AudioFormat ac3 = new AudioFormat(Codec.AC3, 48_000, 2, Bytes.EMPTY);
    for (int i = 0; i < ROUNDS; i++) {
      byte[] bytes = new byte[random.nextInt(20)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 0x0b;
        bytes[1] = 0x77;
      }
      assertNotNull(FormatCompletion.completed(ac3, Bytes.copyOf(bytes)));
      byte[] info = new byte[random.nextInt(60)];
      random.nextBytes(info);
      FlacConfig.streamInfo(Bytes.copyOf(info)).ifPresent(FlacConfig::bitsPerSample);
    }
  }

  /** Whether anything is known of the display afterwards. */
  private static boolean read(VideoFormat format, Bytes keyframe, String what) {
    try {
      FormatCompletion.isWanted(format);
      TrackFormat full = FormatCompletion.completed(format, keyframe);
      return !CodedDisplay.of((VideoFormat) full).equals(Display.PLAIN);
    } catch (RuntimeException failure) {
      throw new AssertionError(what, failure);
    }
  }

  private static Bytes head(Bytes keyframe) {
    return keyframe.slice(0, Math.min(200, keyframe.length()));
  }

  private static Bytes mutated(Bytes source, Random random) {
    byte[] bytes = source.toArray();
    if (bytes.length == 0) {
      return source;
    }
    for (int left = random.nextInt(6); left > 0; left--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
        default -> bytes[at] = (byte) random.nextInt();
      }
    }
    int length = random.nextInt(5) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
    return Bytes.copyOf(bytes).slice(0, length);
  }
}
