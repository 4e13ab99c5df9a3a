package dev.halcyon.verticles.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.session.ClosedRange;
import dev.halcyon.codecs.session.RangePacket;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.codecs.session.SessionHead;
import dev.halcyon.codecs.session.SessionStore;
import dev.halcyon.codecs.session.SessionWriter;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.api.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final int PAYLOAD_BYTES = 10_000;
  private static final Track SOUND =
      new Track(0, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {17, -112})));

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private Recording first;
  private Recording second;

  @BeforeEach
  void open() throws IOException {
    first = Recording.open(SessionStore.DISK, folder.resolve("first"));
    second = Recording.open(SessionStore.DISK, folder.resolve("second"));
  }

  /** A file whose only packet arrives now. */
  private SessionFile file(Recording recording) throws IOException {
    long nowUs = clock.wallUs();
    SessionHead head =
        new SessionHead(
            UUID.randomUUID(), UUID.randomUUID(), 0, 0, 0, 0, nowUs, nowUs, List.of(SOUND));
    RangePacket packet = new RangePacket(0, true, 0, 0, 0, 21_333, PAYLOAD_BYTES, 0);
    try (SessionWriter writer = recording.begin(head, 0)) {
      writer.append(
          new ClosedRange(List.of(packet), true, Seam.BEGUN, nowUs),
          (each, target) -> target.put(new byte[PAYLOAD_BYTES]));
      return writer.file();
    }
  }

  private List<SessionFile> left() {
    List<SessionFile> left = new ArrayList<>(first.files());
    left.addAll(second.files());
    return left;
  }

  private int sweep(int keepDays, long keepBytes) throws IOException {
    return new Retention(keepDays, keepBytes, clock).sweep(List.of(first, second));
  }

  @Test
  void keepsEverythingUnlessItIsAsked() throws IOException {
    file(first);
    clock.advance(Duration.ofDays(10_000));
    Retention none = new Retention(0, 0, clock);
    assertTrue(!none.isOn());
    assertEquals(0, none.sweep(List.of(first, second)));
    assertEquals(1, left().size());
  }

  @Test
  void deletesWhatIsOlderThanAskedFor() throws IOException {
    file(first);
    clock.advance(Duration.ofDays(2));
    SessionFile younger = file(second);
    clock.advance(Duration.ofHours(23));
    assertEquals(0, sweep(3, 0));
    clock.advance(Duration.ofHours(2));
    assertEquals(1, sweep(3, 0));
    assertEquals(List.of(younger), left());
  }

  @Test
  void deletesTheOldestOfAWorkspaceBeyondItsBytes() throws IOException {
    SessionFile oldest = file(first);
    clock.advance(Duration.ofHours(1));
    SessionFile middle = file(second);
    clock.advance(Duration.ofHours(1));
    SessionFile newest = file(first);
    assertEquals(1, sweep(0, 2 * newest.sizeBytes()));
    assertTrue(Files.notExists(oldest.path()));
    assertEquals(List.of(newest, middle), left());
  }

  @Test
  void leavesFilesThatAreReadOrWritten() throws IOException {
    SessionFile read = file(first);
    SessionHead head =
        new SessionHead(UUID.randomUUID(), UUID.randomUUID(), 0, 0, 0, 0, 1, 1, List.of(SOUND));
    RangePacket packet = new RangePacket(0, true, 0, 0, 0, 21_333, 4, 0);
    SessionFile.Hold hold = read.hold().orElseThrow();
    try (SessionWriter writer = second.begin(head, 0)) {
      writer.append(
          new ClosedRange(List.of(packet), true, Seam.BEGUN, 1),
          (each, target) -> target.putInt(7));
      assertEquals(0, sweep(1, 1));
      assertEquals(2, left().size());
    }
    hold.close();
    assertEquals(2, sweep(0, 1));
  }
}
