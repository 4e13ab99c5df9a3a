package dev.halcyon.verticles.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.session.RecordedEnd;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.codecs.session.SessionReader;
import dev.halcyon.codecs.session.SessionWindow;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.stream.RecordingHealth.State;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import dev.halcyon.verticles.api.TestClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** For tests: a ring fed by hand and a recorder that works when it is told to. One thread. */
final class RecorderRig implements AutoCloseable {
  /** Half a second after ten past an hour: files by the clock begin at keyframes in between. */
  private static final long WALL_US = 1_795_133_400_500_000L;

  private static final UUID STREAM = new UUID(1, 2);

  final FullDisk disk = new FullDisk();
  final TestClock clock = new TestClock();
  final List<State> told = new ArrayList<>();
  final Ring ring;
  private final RingWriter writer;
  private final Path dir;
  private final Duration fileLength;
  private Recording recording;
  private StreamRecorder recorder;
  private final Set<Integer> announced = new HashSet<>();
  private int epoch = -1;

  /** A packet as it was fed, or as it was recorded. */
  record Kept(int epoch, int track, long ptsUs, long dtsUs, boolean isKeyframe, Bytes payload) {}

  RecorderRig(Path folder, long capacityBytes, Duration fileLength) throws IOException {
    this.dir = folder.resolve("stream");
    this.fileLength = fileLength;
    Files.createDirectories(dir);
    ring = Ring.create(folder.resolve("ring"), new RingOptions(capacityBytes, 3_600_000_000L));
    writer = ring.writer();
    start(Seam.BEGUN);
  }

  /** A recorder that goes on behind what is on the disk, as after a restart. */
  void start(Seam seam) throws IOException {
    recording = Recording.open(disk, dir);
    RecordedEnd end = recording.end();
    List<HeldEpoch> held = recording.held();
    recorder =
        new StreamRecorder(
            ring,
            new RangeCollector(ring, end, end.equals(RecordedEnd.NONE) ? Seam.BEGUN : seam, clock),
            new SessionAppender(STREAM, recording, fileLength),
            end.epoch(),
            held.isEmpty() ? 0 : held.getLast().toUs(),
            new DiskRoom(disk, dir, 0),
            new RecordTotals(),
            clock,
            (state, reason) -> told.add(state));
  }

  static List<CodedPacket> packets(TestCard card, long durationUs) {
    List<CodedPacket> packets = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(card, durationUs)) {
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        packets.add(next.get());
      }
    }
    return packets;
  }

  void beginEpoch(long streamUs) {
    announced.clear();
    writer.beginEpoch(++epoch, streamUs, WALL_US + streamUs);
  }

  /** Appends packets so much later than they say; as what they should be recorded. */
  List<Kept> feed(List<CodedPacket> packets, long shiftUs) {
    List<Kept> fed = new ArrayList<>();
    for (CodedPacket packet : packets.subList(0, Math.min(packets.size(), 20))) {
      if (announced.add(packet.track().index())) {
        writer.configure(packet.track());
      }
    }
    for (CodedPacket packet : packets) {
      writer.configure(packet.track());
      long ptsUs = packet.ptsUs() + shiftUs;
      long dtsUs = packet.dtsUs() + shiftUs;
      int track = packet.track().index();
      writer.append(
          track,
          packet.isKeyframe(),
          ptsUs,
          dtsUs,
          packet.durationUs(),
          WALL_US + dtsUs,
          packet.payload().asBuffer());
      fed.add(new Kept(epoch, track, ptsUs, dtsUs, packet.isKeyframe(), packet.payload()));
    }
    return fed;
  }

  void work() {
    recorder.work();
  }

  /** Lets so much time pass that nothing is waited for any more. */
  void workLater() {
    clock.advance(Duration.ofSeconds(5));
    recorder.work();
  }

  void finish() {
    recorder.finish();
  }

  StreamRecorder recorder() {
    return recorder;
  }

  Recording recording() {
    return recording;
  }

  /** Everything that is recorded, in the order of its arrival. */
  List<Kept> recorded() throws IOException {
    List<Kept> all = new ArrayList<>();
    try (SessionWindow window = SessionWindow.open(recording, Long.MIN_VALUE, Long.MAX_VALUE);
        SessionReader reader = window.reader()) {
      while (reader.next()) {
        ByteBuffer payload = ByteBuffer.allocate(reader.packet().sizeBytes());
        reader.copyPayload(payload);
        all.add(
            new Kept(
                reader.head().epoch(),
                reader.packet().track(),
                reader.packet().ptsUs(),
                reader.packet().dtsUs(),
                reader.packet().isKeyframe(),
                Bytes.copyOf(payload.flip())));
      }
    }
    return all;
  }

  void assertRecorded(List<Kept> expected) throws IOException {
    assertEquals(expected, recorded());
  }

  /** The process dies: what is open stays as it is. */
  void restart() throws IOException {
    start(Seam.LAGGED);
  }

  @Override
  public void close() {
    recorder.finish();
    writer.close();
    ring.close();
  }
}
