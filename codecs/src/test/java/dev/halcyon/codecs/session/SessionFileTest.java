package dev.halcyon.codecs.session;

import static dev.halcyon.codecs.session.SmallSession.GOP_US;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFileTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("session.mp4");
  }

  /** Everything that can be read, compared with what was written; the times of the pictures. */
  private static List<Long> readAll(SessionFile file) throws IOException {
    List<SessionReader.Part> parts =
        file.fragments().stream().map(each -> new SessionReader.Part(file, each)).toList();
    List<Long> pictures = new ArrayList<>();
    try (SessionReader reader = new SessionReader(parts)) {
      while (reader.next()) {
        SessionPacket packet = reader.packet();
        ByteBuffer payload = ByteBuffer.allocate(packet.sizeBytes());
        reader.copyPayload(payload);
        assertArrayEquals(SmallSession.payload(packet), payload.array());
        if (reader.track().isVideo()) {
          pictures.add(packet.ptsUs());
        }
      }
    }
    return pictures;
  }

  private static List<Long> pictures(int gops) {
    List<Long> pictures = new ArrayList<>();
    for (int i = 0; i < gops * SmallSession.GOP; i++) {
      pictures.add(i * SmallSession.PICTURE_US);
    }
    return pictures;
  }

  @Test
  void givesBackWhatWasWritten() throws IOException {
    SessionFile written;
    try (SessionWriter writer = SmallSession.written(SessionStore.DISK, path, 3)) {
      written = writer.file();
      assertTrue(written.isGrowing());
      assertEquals(pictures(3), readAll(written), "while it grows");
    }
    SessionFile read = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    for (SessionFile file : List.of(written, read)) {
      assertFalse(file.isGrowing());
      assertEquals(SmallSession.head(), file.head());
      assertEquals(0, file.fromUs());
      assertEquals(3 * GOP_US, file.toUs());
      assertEquals(Files.size(path), file.sizeBytes());
      assertEquals(3, file.fragmentCount());
      assertEquals(pictures(3), readAll(file));
    }
  }

  @Test
  void givesPacketsInTheOrderOfTheirArrival() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 1).close();
    SessionFile file = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    List<Integer> tracks = new ArrayList<>();
    try (SessionReader reader =
        new SessionReader(List.of(new SessionReader.Part(file, file.fragments().getFirst())))) {
      while (reader.next()) {
        tracks.add(reader.packet().track());
      }
      reader.seek(5);
      assertEquals(1, reader.packet().track());
      assertEquals(2 * SmallSession.PICTURE_US, reader.packet().ptsUs());
    }
    assertEquals(List.of(0, 1, 0, 1, 0, 1, 0, 1), tracks);
  }

  @Test
  void keepsNoFileWithoutAFragment() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 0).close();
    assertFalse(Files.exists(path));
  }

  /** Wherever a crash cuts the file: the whole fragments are there, and nothing else. */
  @Test
  void keepsTheWholeFragmentsWhereverItIsCut() throws IOException {
    List<Long> ends = new ArrayList<>();
    try (SessionWriter writer =
        SessionWriter.create(SessionStore.DISK, path, SmallSession.head(), 0)) {
      for (int i = 0; i < 3; i++) {
        Fragment fragment =
            writer.append(SmallSession.gop(i * GOP_US, Seam.CONTINUOUS), SmallSession::payload);
        ends.add(fragment.endOffset());
      }
    }
    byte[] whole = Files.readAllBytes(path);
    Set<Integer> lengths = new TreeSet<>();
    IntStream.iterate(0, length -> length < whole.length, length -> length + 13)
        .forEach(lengths::add);
    ends.forEach(end -> lengths.addAll(List.of(end.intValue() - 1, end.intValue())));
    for (int limit : lengths) {
      Path cut = folder.resolve("cut.mp4");
      Files.write(cut, Arrays.copyOf(whole, limit));
      int gops = (int) ends.stream().filter(end -> end <= limit).count();
      Optional<SessionFile> file = SessionFile.open(SessionStore.DISK, cut);
      assertEquals(gops > 0, file.isPresent(), () -> "cut at " + limit);
      assertEquals(gops > 0, Files.exists(cut), () -> "cut at " + limit);
      if (gops > 0) {
        assertEquals(pictures(gops), readAll(file.get()), () -> "cut at " + limit);
        // Closed now: it opens by its index the next time.
        assertEquals(pictures(gops), readAll(SessionFile.open(SessionStore.DISK, cut).get()));
        Files.delete(cut);
      }
    }
  }

  /** Whichever byte of a file that a crash left is damaged: what is given is right. */
  @Test
  void recoversNoDamagedPackets() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 3);
    assertTrue(damage(11).lost() > 0, "a damaged fragment is left out");
  }

  /** Whichever byte of a closed file is damaged: what is given is right. */
  @Test
  void readsNoDamagedPackets() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 3).close();
    assertTrue(damage(3).refused() > 0, "damage is noticed when it is read");
  }

  private record Outcome(int lost, int refused) {}

  /** Flips a bit of each so many bytes of the file in turn, and reads what is left. */
  private Outcome damage(int step) throws IOException {
    byte[] whole = Files.readAllBytes(path);
    Path damaged = folder.resolve("damaged.mp4");
    int lost = 0;
    int refused = 0;
    for (int at = 0; at < whole.length; at += step) {
      byte[] bytes = whole.clone();
      bytes[at] ^= (byte) (1 << at % 8);
      Files.write(damaged, bytes);
      String place = "damaged at " + at;
      try {
        Optional<SessionFile> file = SessionFile.open(SessionStore.DISK, damaged);
        List<Long> read = file.isPresent() ? readAll(file.get()) : List.of();
        assertTrue(pictures(3).containsAll(read), place);
        lost += read.size() < pictures(3).size() ? 1 : 0;
      } catch (HalcyonException corrupt) {
        assertEquals(ErrorCode.RECORDING_CORRUPT, corrupt.code(), place);
        refused++;
      }
      Files.deleteIfExists(damaged);
    }
    return new Outcome(lost, refused);
  }

  @Test
  void saysThatAFragmentIsMissing() throws IOException {
    SessionWriter writer = SmallSession.written(SessionStore.DISK, path, 3);
    Fragment second = writer.file().fragments().get(1);
    flip(second.sealOffset() + 40);
    SessionFile file = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    assertEquals(2, file.fragmentCount());
    assertEquals(List.of(new RecordedGap(GOP_US, GOP_US, Seam.DAMAGED)), file.gaps());
  }

  /** The disk wrote the seal but not the payload before the power failed. */
  @Test
  void dropsATornFragment() throws IOException {
    SessionWriter writer = SmallSession.written(SessionStore.DISK, path, 3);
    Fragment last = writer.file().fragments().getLast();
    flip(last.sealOffset() - 3);
    SessionFile file = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    assertEquals(pictures(2), readAll(file));
  }

  private void flip(long offset) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, offset);
      file.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), offset);
    }
  }

  /** The disk is full after any number of bytes: the file has the fragments that fitted. */
  @Test
  void takesBackWhatFindsNoRoom() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 3).close();
    long wholeBytes = Files.size(path);
    for (long room = 1; room < wholeBytes; room += 31) {
      Path full = folder.resolve("full.mp4");
      SmallDisk disk = new SmallDisk(room);
      int gops = 0;
      try (SessionWriter writer = SessionWriter.create(disk, full, SmallSession.head(), 0)) {
        for (; gops < 3; gops++) {
          writer.append(SmallSession.gop(gops * GOP_US, Seam.CONTINUOUS), SmallSession::payload);
        }
      } catch (IOException noRoom) {
        assertEquals(SmallDisk.FULL, noRoom.getMessage());
      }
      assertEquals(gops > 0, Files.exists(full));
      if (gops > 0) {
        assertEquals(pictures(gops), readAll(SessionFile.open(SessionStore.DISK, full).get()));
        Files.delete(full);
      }
    }
  }

  @Test
  void goesOnWhenThereIsRoomAgain() throws IOException {
    SmallDisk disk = new SmallDisk(Long.MAX_VALUE);
    try (SessionWriter writer = SmallSession.written(disk, path, 1)) {
      disk.room(20);
      assertThrows(
          IOException.class,
          () -> writer.append(SmallSession.gop(GOP_US, Seam.CONTINUOUS), SmallSession::payload));
      assertEquals(pictures(1), readAll(writer.file()));
      disk.room(Long.MAX_VALUE);
      writer.append(SmallSession.gop(GOP_US, Seam.CONTINUOUS), SmallSession::payload);
    }
    assertEquals(pictures(2), readAll(SessionFile.open(SessionStore.DISK, path).orElseThrow()));
  }

  @Test
  void takesBackAFragmentWhosePayloadsAreGone() throws IOException {
    try (SessionWriter writer = SmallSession.written(SessionStore.DISK, path, 1)) {
      assertThrows(
          HalcyonException.class,
          () ->
              writer.append(
                  SmallSession.gop(GOP_US, Seam.CONTINUOUS),
                  (packet, target) -> {
                    if (packet.position() > GOP_US + SmallSession.PICTURE_US) {
                      throw new HalcyonException(ErrorCode.RING_OVERRUN, "gone");
                    }
                    SmallSession.payload(packet, target);
                  }));
      writer.append(SmallSession.gop(2 * GOP_US, Seam.LAGGED), SmallSession::payload);
      assertEquals(List.of(new RecordedGap(GOP_US, GOP_US, Seam.LAGGED)), writer.file().gaps());
    }
    SessionFile file = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    assertEquals(List.of(new RecordedGap(GOP_US, GOP_US, Seam.LAGGED)), file.gaps());
    assertEquals(2, file.fragmentCount());
  }

  @Test
  void staysOnTheDiskWhileItIsHeld() throws IOException {
    SmallSession.written(SessionStore.DISK, path, 1).close();
    SessionFile file = SessionFile.open(SessionStore.DISK, path).orElseThrow();
    SessionFile.Hold first = file.hold().orElseThrow();
    SessionFile.Hold second = file.hold().orElseThrow();
    file.delete();
    assertTrue(file.hold().isEmpty());
    first.close();
    first.close();
    assertEquals(pictures(1), readAll(file));
    second.close();
    assertFalse(Files.exists(path));
  }

  @Test
  void refusesForeignFiles() throws IOException {
    byte[] foreign = new byte[2 << 20];
    new Random(1).nextBytes(foreign);
    Files.write(path, foreign);
    HalcyonException refused =
        assertThrows(HalcyonException.class, () -> SessionFile.open(SessionStore.DISK, path));
    assertEquals(ErrorCode.RECORDING_CORRUPT, refused.code());
    assertTrue(Files.exists(path));
  }
}
