package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.FieldCodedCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures of two fields, both in one packet, are one picture of a clip. */
class FieldCodedCutTest {
  private static final long LENGTH_US = 3_000_000;
  private static final long FRAME_US = 40_000;

  @TempDir Path folder;

  @Test
  void presentsBothFieldsAsOnePicture() {
    try (Ring ring =
        Ring.create(folder.resolve("ring"), new RingOptions(64L << 20, 3_600_000_000L))) {
      try (RingWriter writer = ring.writer()) {
        writer.beginEpoch(0, 0, 0);
        for (CodedPacket packet : FieldCodedCard.packets(LENGTH_US)) {
          writer.configure(packet.track());
          writer.append(
              0,
              packet.isKeyframe(),
              packet.ptsUs(),
              packet.dtsUs(),
              0,
              0,
              packet.payload().asBuffer());
        }
      }
      Random random = new Random(5);
      for (int i = 0; i < 8; i++) {
        long fromUs = random.nextLong(LENGTH_US - 1_000_000);
        long toUs = fromUs + 50_000 + random.nextLong(900_000);
        Path clip = folder.resolve("clip.mp4");
        RingCutter.cut(ring, new CutRequest(fromUs, toUs, CutRequest.Outside.REFUSE), clip);
        Verdict verdict = TestCardJudge.judge(clip);
        assertEquals(List.of(), verdict.faults(), verdict::toString);
        Verdict.Pictures seen = verdict.pictures().orElseThrow();
        int first = Math.toIntExact(Math.ceilDiv(fromUs, FRAME_US));
        int behind = Math.toIntExact(Math.ceilDiv(toUs, FRAME_US));
        assertEquals(first, seen.firstFrame());
        assertEquals(behind - first, seen.presentedFrames());
        assertEquals((behind - first) * FRAME_US, seen.endUs());
      }
    }
  }
}
