package dev.halcyon.codecs.session;

import static dev.halcyon.codecs.session.SmallSession.GOP_US;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionExportTest {
  private static final long LENGTH_US = 9_000_000;
  private static final long MAX_SKEW_US = 5_000;

  @TempDir Path folder;
  private Recording recording;

  @BeforeEach
  void open() throws IOException {
    recording = Recording.open(SessionStore.DISK, folder.resolve("stream"));
  }

  private static TestCard.Builder card() {
    return TestCard.builder().size(320, 180).gop(30).bFrames(2).cardId(11);
  }

  private static byte[] all(SessionExport export) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(export.sizeBytes()));
    export.read(0, bytes);
    return bytes.array();
  }

  private Verdict judged(long fromUs, long toUs) throws IOException {
    Path file = folder.resolve("export.mp4");
    try (SessionExport export = SessionExport.of(recording, fromUs, toUs)) {
      Files.write(file, all(export));
    }
    return TestCardJudge.judge(file);
  }

  private static int frameFrom(long us) {
    return (int) Math.ceilDiv(us * 30, 1_000_000);
  }

  private void assertExact(int windows, long seed) throws IOException {
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      long fromUs = random.nextLong(LENGTH_US - 3_000_000);
      long toUs = fromUs + 1_200_000 + random.nextLong(LENGTH_US - 1_500_000 - fromUs);
      String name = "[" + fromUs + ", " + toUs + ") seed " + seed;
      Verdict verdict = judged(fromUs, toUs);
      assertEquals(List.of(), verdict.faults(MAX_SKEW_US), name);
      Verdict.Pictures pictures = verdict.pictures().orElseThrow();
      assertEquals(frameFrom(fromUs), pictures.firstFrame(), name);
      assertTrue(pictures.lastFrame() >= frameFrom(toUs) - 1, name + verdict);
      assertTrue(pictures.lastFrame() < frameFrom(toUs) + 30, name + verdict);
    }
  }

  @Test
  void presentsTheRangeFromItsFirstPictureOn() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    assertExact(8, 1);
  }

  @Test
  void presentsOpenGopsAndOpus() throws IOException {
    CardSession.record(recording, card().openGop().audio(Codec.OPUS).build(), LENGTH_US);
    assertExact(6, 2);
  }

  @Test
  void refusesAPictureSizeThatChanges() throws IOException {
    CardSession.record(recording, card().sizeChange(120, 256, 144).build(), LENGTH_US);
    assertRefused(ErrorCode.EPOCH_CROSSED, 2_500_000, 6_500_000);
    Verdict verdict = judged(4_500_000, 6_500_000);
    assertEquals(List.of("256x144"), verdict.pictures().orElseThrow().sizes());
    assertEquals(135, verdict.pictures().orElseThrow().firstFrame());
  }

  @Test
  void saysWhatItPresents() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    try (SessionExport export = SessionExport.of(recording, 1_210_000, 3_010_000)) {
      assertEquals(1_233_333, export.startUs());
      assertEquals(3_033_333, export.endUs());
    }
  }

  /** Wherever it is taken up: the same bytes. */
  @Test
  void isReadFromAnyByteOn() throws IOException {
    CardSession.record(recording, card().openGop().build(), LENGTH_US);
    try (SessionExport export = SessionExport.of(recording, 500_000, 7_500_000)) {
      byte[] whole = all(export);
      Random random = new Random(3);
      for (int i = 0; i < 300; i++) {
        int from = random.nextInt(whole.length);
        ByteBuffer part = ByteBuffer.allocate(1 + random.nextInt(200_000));
        export.read(from, part);
        byte[] expected =
            Arrays.copyOfRange(whole, from, Math.min(whole.length, from + part.capacity()));
        assertArrayEquals(expected, Arrays.copyOf(part.array(), part.position()));
      }
      try (SessionExport again = SessionExport.of(recording, 500_000, 7_500_000)) {
        assertEquals(export.id(), again.id());
        assertArrayEquals(whole, all(again));
      }
      try (SessionExport other = SessionExport.of(recording, 500_000, 7_400_000)) {
        assertTrue(!export.id().equals(other.id()));
      }
    }
  }

  @Test
  void keepsItsFilesUntilItIsClosed() throws IOException {
    CardSession.record(recording, card().build(), LENGTH_US);
    SessionFile file = recording.files().getFirst();
    try (SessionExport export = SessionExport.of(recording, 0, LENGTH_US)) {
      recording.delete(file);
      assertTrue(all(export).length > 100_000);
    }
    assertTrue(Files.notExists(file.path()));
  }

  @Test
  void refusesWhatIsNotRecorded() throws IOException {
    assertRefused(ErrorCode.RANGE_NOT_HELD, 0, 1_000_000);
    CardSession.record(recording, card().build(), LENGTH_US);
    assertRefused(ErrorCode.RANGE_NOT_HELD, LENGTH_US + 1_000_000, LENGTH_US + 2_000_000);
  }

  @Test
  void refusesACodecThatChanges() throws IOException {
    Track opus = new Track(1, new AudioFormat(Codec.OPUS, 48_000, 2, Bytes.EMPTY));
    SessionHead aac = SmallSession.head();
    SessionHead changed =
        new SessionHead(
            aac.streamId(), aac.sessionId(), 0, 0, 1, 0, 0, 0, List.of(SmallSession.VIDEO, opus));
    for (SessionHead head : List.of(aac, changed)) {
      try (SessionWriter writer = recording.begin(head, 0)) {
        long fromUs = 2 * GOP_US * head.epoch();
        writer.append(SmallSession.gop(fromUs, Seam.CONTINUOUS), SmallSession::payload);
      }
    }
    assertRefused(ErrorCode.EPOCH_CROSSED, 0, 3 * GOP_US);
    try (SessionExport export = SessionExport.of(recording, 2 * GOP_US, 3 * GOP_US)) {
      assertEquals(2 * GOP_US, export.startUs());
    }
  }

  private void assertRefused(ErrorCode code, long fromUs, long toUs) {
    assertEquals(
        code,
        assertThrows(HalcyonException.class, () -> SessionExport.of(recording, fromUs, toUs))
            .code());
  }
}
