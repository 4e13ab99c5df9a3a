package dev.halcyon.codecs.session;

import static dev.halcyon.codecs.session.SmallSession.GOP_US;
import static dev.halcyon.codecs.session.SmallSession.PICTURE_US;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.HeldEpoch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
  @TempDir Path folder;

  private Recording open() throws IOException {
    return Recording.open(SessionStore.DISK, folder.resolve("stream"));
  }

  /** A closed file of GOPs that begin at these places. */
  private static void file(Recording recording, SessionHead head, long... gops) throws IOException {
    try (SessionWriter writer = recording.begin(head, gops[0] * GOP_US)) {
      for (long gop : gops) {
        writer.append(SmallSession.gop(gop * GOP_US, Seam.CONTINUOUS), SmallSession::payload);
      }
    }
  }

  /** Which GOPs a window is given, by their places. */
  private static List<Long> gops(Recording recording, long fromUs, long toUs) throws IOException {
    try (SessionWindow window = SessionWindow.open(recording, fromUs, toUs)) {
      return window.parts().stream().map(part -> part.fragment().fromUs() / GOP_US).toList();
    }
  }

  @Test
  void knowsAfterARestartWhatItHeld() throws IOException {
    Recording before = open();
    file(before, SmallSession.head(0, 0), 0, 1);
    file(before, SmallSession.head(0, 0), 2, 3);
    file(before, SmallSession.head(1, 9 * GOP_US), 9, 10);
    Recording after = open();
    for (Recording recording : List.of(before, after)) {
      assertEquals(
          List.of(
              new HeldEpoch(0, 0, 4 * GOP_US, 0, SmallSession.WALL_US),
              new HeldEpoch(
                  1, 9 * GOP_US, 11 * GOP_US, 9 * GOP_US, SmallSession.WALL_US + 9 * GOP_US)),
          recording.held());
    }
    file(after, SmallSession.head(1, 9 * GOP_US), 11);
    assertEquals(
        List.of(1, 2, 3, 4), after.files().stream().map(file -> file.head().number()).toList());
  }

  @Test
  void givesAWindowTheFragmentsAroundItOverFiles() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0, 1, 2);
    file(recording, SmallSession.head(), 3, 4, 5);
    file(recording, SmallSession.head(), 6, 7);
    assertEquals(List.of(1L, 2L, 3L, 4L), gops(recording, GOP_US + 1, 3 * GOP_US + 5));
    assertEquals(List.of(3L, 4L), gops(recording, 3 * GOP_US, 4 * GOP_US));
    assertEquals(List.of(0L, 1L), gops(recording, -5_000_000, 10));
    assertEquals(List.of(7L), gops(recording, 50 * GOP_US, 60 * GOP_US));
    assertEquals(8, gops(recording, 0, 60 * GOP_US).size());
  }

  @Test
  void goesBackToAPlaceAtWhichDecodingCanBegin() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0, 1);
    ClosedRange tail = SmallSession.gop(2 * GOP_US, Seam.CONTINUOUS);
    try (SessionWriter writer = recording.begin(SmallSession.head(), 2 * GOP_US)) {
      writer.append(
          new ClosedRange(tail.packets(), false, tail.seam(), tail.arrivalUs()),
          SmallSession::payload);
    }
    assertEquals(List.of(1L, 2L), gops(recording, 2 * GOP_US, 9 * GOP_US));
  }

  @Test
  void keepsTheFilesOfAWindowUntilItIsClosed() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0, 1);
    SessionFile file = recording.files().getFirst();
    try (SessionWindow window = SessionWindow.open(recording, 0, GOP_US)) {
      recording.delete(file);
      try (SessionReader reader = window.reader()) {
        assertTrue(reader.next());
      }
    }
    assertFalse(Files.exists(file.path()));
    assertEquals(List.of(), recording.held());
    assertEquals(0, recording.sizeBytes());
  }

  @Test
  void setsAsideWhatItCannotRead() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0, 1);
    Path foreign = recording.dir().resolve("foreign.mp4");
    Files.write(foreign, new byte[2 << 20]);
    assertEquals(1, open().files().size());
    try (Stream<Path> left = Files.list(recording.dir())) {
      assertEquals(
          1, left.filter(path -> path.getFileName().toString().endsWith(".damaged")).count());
    }
  }

  @Test
  void forgetsAFileThatCameToNothing() throws IOException {
    Recording recording = open();
    SessionWriter writer = recording.begin(SmallSession.head(), 0);
    writer.close();
    recording.closed(writer);
    assertEquals(0, recording.sizeBytes());
    assertEquals(List.of(), open().files());
  }

  @Test
  void tellsStretchesWithoutAHole() throws IOException {
    Recording recording = open();
    try (SessionWriter writer = recording.begin(SmallSession.head(), 0)) {
      writer.append(SmallSession.gop(0, Seam.BEGUN), SmallSession::payload);
      writer.append(SmallSession.gop(GOP_US, Seam.CONTINUOUS), SmallSession::payload);
      writer.append(SmallSession.gop(5 * GOP_US, Seam.NO_SPACE), SmallSession::payload);
    }
    file(recording, SmallSession.head(), 6, 7);
    file(recording, SmallSession.head(1, 9 * GOP_US), 9);
    for (Recording each : List.of(recording, open())) {
      List<String> told =
          each.ranges().stream()
              .map(
                  range ->
                      "%d %s %d..%d"
                          .formatted(
                              range.held().epoch(),
                              range.seam(),
                              range.fromUs() / GOP_US,
                              range.toUs() / GOP_US))
              .toList();
      assertEquals(List.of("0 BEGUN 0..2", "0 NO_SPACE 5..8", "1 CONTINUOUS 9..10"), told);
    }
  }

  @Test
  void knowsUpToWhereAllTracksAreThere() throws IOException {
    Recording recording = open();
    SessionWriter writer = recording.begin(SmallSession.head(), 0);
    ClosedRange whole = SmallSession.gop(0, Seam.BEGUN);
    List<RangePacket> packets = new ArrayList<>(whole.packets());
    packets.removeLast();
    writer.append(
        new ClosedRange(packets, true, Seam.BEGUN, whole.arrivalUs()), SmallSession::payload);
    assertEquals(3 * PICTURE_US, recording.settledUs(), "the last packet of sound is awaited");
    writer.close();
    assertEquals(recording.held().getLast().toUs(), recording.settledUs());
  }

  @Test
  void deletesWholeFilesUpToATime() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0, 1);
    file(recording, SmallSession.head(), 2, 3);
    assertEquals(0, recording.deleteUpTo(2 * GOP_US - 1).size());
    assertEquals(1, recording.deleteUpTo(3 * GOP_US).size());
    assertEquals(2 * GOP_US, recording.held().getFirst().fromUs());
  }

  @Test
  void isNotToldAgainOfWhatWasDeleted() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(3, 0), 0, 1);
    assertEquals(1, recording.deleteUpTo(Long.MAX_VALUE).size());
    RecordedEnd end = open().end();
    assertTrue(end.has(3, 0, 2 * GOP_US));
    assertTrue(end.has(2, 0, 9 * GOP_US));
    assertFalse(end.has(3, 1, 2 * GOP_US + 1));
    assertFalse(end.has(4, 0, 0));
  }

  @Test
  void goesOnWhereItDoesNotKnowWhatWasDeleted() throws IOException {
    Recording recording = open();
    file(recording, SmallSession.head(), 0);
    assertEquals(1, recording.deleteUpTo(Long.MAX_VALUE).size());
    Files.writeString(recording.dir().resolve("erased"), "torn");
    assertEquals(RecordedEnd.NONE, open().end());
  }
}
