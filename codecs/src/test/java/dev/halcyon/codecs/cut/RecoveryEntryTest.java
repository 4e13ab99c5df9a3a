package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.bitstream.RecoveryEntry;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.CardShape;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clips that begin with a recovery point, for decoders that stop at the first error. */
class RecoveryEntryTest {
  private static final long LENGTH_US = 4_000_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {
        "H264_OPEN_GOP",
        "H264_OPEN_GOP_PYRAMID",
        "H264_SHORT_OPEN_GOP",
        "H264_FIELDS_OPEN_GOP"
      })
  void decodeWithoutAnError(CardShape shape) throws Exception {
    Program.require("ffmpeg");
    Random random = new Random(shape.name().hashCode());
    for (int round = 0; round < 3; round++) {
      long fromUs = 1_100_000 + random.nextLong(1_500_000);
      CardClip clip = CardClip.of(folder, shape.card(), LENGTH_US, fromUs, fromUs + 700_000);
      assertTrue(clip.result().contract().keyframeUs() > 0, "not from the only IDR picture");
      assertDecodes(clip.file());
    }
  }

  private static void assertDecodes(Path file) throws Exception {
    Program.ffmpeg("-err_detect", "explode", "-xerror", "-i", file.toString(), "-f", "null", "-");
  }

  @Test
  void decodeWithoutAnErrorWhileTheyGrow() throws Exception {
    Program.require("ffmpeg");
    OpenWindow window = new OpenWindow(2_800_000);
    window.hasClosed = true;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RingOptions options = new RingOptions(64L << 20, 3_600_000_000L);
    try (Ring ring = Ring.create(folder.resolve("ring"), options)) {
      CardClip.fill(ring, CardShape.H264_OPEN_GOP.card(), LENGTH_US, packet -> true);
      CutRequest request = new CutRequest(1_500_000, window.toUs, CutRequest.Outside.CLAMP);
      try (GrowingFile file = GrowingFile.open(ring, request, window, 2_000_000).orElseThrow()) {
        ByteBuffer helping = ByteBuffer.allocate(10_000);
        while (file.read(helping) == ClipBytes.Next.BYTES) {
          bytes.write(helping.array(), 0, helping.position());
          helping.clear();
        }
      }
    }
    assertDecodes(Files.write(folder.resolve("growing.mp4"), bytes.toByteArray()));
  }

  @ParameterizedTest
  @EnumSource(
      value = CardShape.class,
      names = {"H264_REORDERED", "H264_OPEN_GOP", "H264_OPEN_GOP_PYRAMID"})
  void changeHeadersBehindRecoveryPointsOnly(CardShape shape) {
    List<CodedPacket> pictures = pictures(shape);
    assertEquals(0, changed(pictures), "from an IDR picture on");
    int entry = 1;
    while (!pictures.get(entry).isKeyframe()) {
      entry++;
    }
    long changed = changed(pictures.subList(entry, pictures.size()));
    boolean isOpen = shape != CardShape.H264_REORDERED;
    assertTrue(isOpen ? changed > 0 && changed < 10 : changed == 0, () -> changed + " pictures");
  }

  private static List<CodedPacket> pictures(CardShape shape) {
    List<CodedPacket> pictures = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(shape.card(), LENGTH_US)) {
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        if (next.get().track().isVideo()) {
          pictures.add(next.get());
        }
      }
    }
    return pictures;
  }

  private static long changed(List<CodedPacket> pictures) {
    RecoveryEntry entry = new RecoveryEntry();
    return pictures.stream()
        .filter(
            picture -> {
              byte[] before = picture.payload().toArray();
              ByteBuffer after = ByteBuffer.wrap(before.clone());
              entry.onPicture((VideoFormat) picture.track().format(), after);
              return !ByteBuffer.wrap(before).equals(after);
            })
        .count();
  }
}
