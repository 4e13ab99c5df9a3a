package dev.halcyon.verticles.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.RecordingMode;
import dev.halcyon.core.stream.RingSettings;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.stream.Takeover;
import dev.halcyon.ring.Ring;
import dev.halcyon.verticles.store.StreamRow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingsTest {
  private static final long MIB = 1 << 20;
  private static final UUID A = new UUID(1, 1);
  private static final UUID B = new UUID(1, 2);
  private static final RingSettings SETTINGS = new RingSettings(600, 128 * MIB);

  @TempDir Path folder;
  private Path dir;
  private RingSpace space;
  private Rings rings;

  @BeforeEach
  void create() {
    dir = folder.resolve("rings");
    space = new RingSpace(0, 0, 20_000_000, () -> 1L << 40);
    rings = new Rings(space, dir, 0);
  }

  private static StreamRow row(UUID id) {
    return new StreamRow(
        id,
        new UUID(2, 1),
        new UUID(3, 1),
        "name",
        Optional.empty(),
        new StreamSource.Push(),
        "key",
        StreamStatus.IDLE,
        new StreamSettings(
            SETTINGS,
            RecordingMode.OFF,
            Crossing.STITCH,
            Takeover.REFUSE,
            DetectionSettings.DEFAULT),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Instant.EPOCH);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void damage(UUID stream) throws IOException {
    try (FileChannel file =
        FileChannel.open(dir.resolve(stream + ".ring"), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(64), 0);
    }
  }

  @Test
  void aFileThatIsNoRingIsSetAsideAndGoesWithItsStream() throws IOException {
    rings.adopt(List.of());
    rings.open(A, SETTINGS).close();
    for (int time = 0; time < 2; time++) {
      damage(A);
      try (Ring ring = rings.open(A, SETTINGS)) {
        assertEquals(0, ring.committedPosition());
      }
      List<String> files = files();
      assertEquals(2, files.size(), files.toString());
      assertEquals(A + ".ring", files.get(0));
      assertTrue(files.get(1).startsWith(A + ".ring.damaged-"), files.toString());
    }
    rings.delete(A);
    assertEquals(List.of(), files());
    assertEquals(0, space.outstandingBytes());
  }

  @Test
  void theStartDeletesWhatNoStreamHas() throws IOException {
    Files.createDirectories(dir);
    for (UUID stream : new UUID[] {A, B}) {
      for (String ending : new String[] {".ring", ".ring.new", ".ring.damaged-1"}) {
        Files.createFile(dir.resolve(stream + ending));
      }
    }
    Files.createFile(dir.resolve("notes.txt"));
    rings.adopt(List.of(row(A)));
    assertEquals(List.of(A + ".ring", A + ".ring.damaged-1", "notes.txt"), files());
    assertEquals(128 * MIB, space.outstandingBytes());
  }

  @Test
  void whatAnOpenRingHasTakenIsNotOutstandingAnyMore() {
    rings.adopt(List.of(row(A)));
    assertEquals(128 * MIB, space.outstandingBytes());
    try (Ring ring = rings.open(A, SETTINGS)) {
      assertTrue(ring.stats().allocatedBytes() >= 64 * MIB);
      assertEquals(128 * MIB - ring.stats().allocatedBytes(), space.outstandingBytes());
    }
  }

  @Test
  void aStreamWhoseRingIsClosedHasNoHealthOfIt() {
    rings.adopt(List.of());
    Ring ring = rings.open(A, SETTINGS);
    LiveStream stream =
        new LiveStream(
            new UUID(2, 1), A, row(A).settings(), ring, Optional.empty(), new Observing());
    assertEquals(
        Optional.of(128 * MIB), stream.ringHealth().map(StreamHealth.OfRing::capacityBytes));
    ring.close();
    assertEquals(Optional.empty(), stream.ringHealth());
    assertEquals(Optional.empty(), stream.ringStats());
  }

  private static final class Observing implements LiveStream.SessionObserver {
    @Override
    public boolean wasLost(LiveStream stream, String reason) {
      return false;
    }

    @Override
    public void onEpoch(LiveStream stream, int epoch, List<Track> tracks) {}

    @Override
    public void onSessionClosed(LiveStream stream, String reason) {}

    @Override
    public void onAlert(LiveStream stream, String code, String message) {}
  }
}
