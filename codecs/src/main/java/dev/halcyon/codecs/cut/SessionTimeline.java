package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.SessionPacket;
import dev.halcyon.codecs.session.SessionReader;
import dev.halcyon.codecs.session.SessionWindow;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is recorded of a stream as a timeline. An open window keeps its files on the disk, whatever
 * the retention policy says.
 */
public record SessionTimeline(Recording recording) implements Timeline {
  /** Sound and pictures of an instant lie that far apart, and references behind the end. */
  private static final long SLACK_US = 2_000_000;

  @Override
  public Window open(CutRequest request) {
    SessionWindow around = around(request);
    try {
      RecordedWindow window = new RecordedWindow(request, around, around.reader());
      window.held();
      return window;
    } catch (RuntimeException failure) {
      around.close();
      throw failure;
    }
  }

  @Override
  public long mostBytes(CutRequest request) {
    try (SessionWindow around = around(request)) {
      return around.parts().stream().mapToLong(part -> part.fragment().mediaBytes()).sum();
    }
  }

  private SessionWindow around(CutRequest request) {
    try {
      return SessionWindow.open(recording, request.fromUs() - SLACK_US, request.toUs() + SLACK_US);
    } catch (IOException failure) {
      throw unreadable(failure);
    }
  }

  private static HalcyonException unreadable(IOException failure) {
    return new HalcyonException(
        ErrorCode.IO_FAILED, "the recording cannot be read: " + failure, failure);
  }

  /** The fragments around a window, and a reader of them that is where it was left. */
  private record RecordedWindow(CutRequest request, SessionWindow around, SessionReader reader)
      implements Window {
    @Override
    public List<TrackPackets> tracks() {
      long count = around.parts().stream().mapToLong(part -> part.fragment().packetCount()).sum();
      if (count > TrackColumns.MAX_PACKETS) {
        throw TrackColumns.tooLarge();
      }
      TrackColumns columns = new TrackColumns();
      try (SessionReader stamps = around.reader()) {
        while (stamps.next()) {
          columns.add(stamps.packet().track(), stamp(stamps, columns));
        }
      } catch (IOException failure) {
        throw unreadable(failure);
      }
      return columns.tracks();
    }

    private static PacketStamp stamp(SessionReader reader, TrackColumns columns) {
      SessionPacket packet = reader.packet();
      int epoch = reader.head().epoch();
      return new PacketStamp(
          packet.ptsUs(),
          packet.dtsUs(),
          packet.durationUs(),
          packet.isKeyframe(),
          epoch,
          columns.formatIndex(epoch, packet.track(), reader.track().format()),
          reader.position(),
          packet.sizeBytes());
    }

    @Override
    public HeldSpan held() {
      List<SessionReader.Part> own =
          around.parts().stream().filter(part -> isWanted(part.file().head().epoch())).toList();
      long fromUs = own.stream().mapToLong(RecordedWindow::beginUs).min().orElse(Long.MAX_VALUE);
      long toUs =
          own.stream().mapToLong(part -> part.fragment().toUs()).max().orElse(Long.MIN_VALUE);
      if (fromUs >= request.toUs() || toUs <= request.fromUs()) {
        throw new HalcyonException(
            ErrorCode.RANGE_NOT_HELD,
            "nothing is recorded of " + request.fromUs() + ".." + request.toUs() + " us");
      }
      return new HeldSpan(fromUs, toUs);
    }

    private static long beginUs(SessionReader.Part part) {
      boolean isFirst = part.fragment().fromUs() == part.file().fromUs();
      return isFirst ? part.file().beganUs() : part.fragment().fromUs();
    }

    private boolean isWanted(int epoch) {
      return request.epochs().contains(epoch);
    }

    @Override
    public Bytes payload(PacketStamp packet) {
      ByteBuffer buffer = ByteBuffer.allocate(packet.sizeBytes());
      try {
        reader.seek(packet.position());
        reader.copyPayload(buffer);
      } catch (IOException failure) {
        throw unreadable(failure);
      }
      return Bytes.copyOf(buffer.flip());
    }

    @Override
    public Payloads payloads(CutPlan plan) {
      return new RecordedPayloads(around, plan);
    }

    @Override
    public void close() {
      try (around) {
        reader.close();
      } catch (IOException failure) {
        throw unreadable(failure);
      }
    }
  }

  /** By a reader for each track that only goes forward. */
  private static final class RecordedPayloads implements Payloads {
    private final CutPlan plan;
    private final List<SessionReader> readers = new ArrayList<>();

    RecordedPayloads(SessionWindow around, CutPlan plan) {
      this.plan = plan;
      plan.tracks().forEach(track -> readers.add(around.reader()));
    }

    @Override
    public void read(int track, int sample, ByteBuffer target) {
      TrackCut cut = plan.tracks().get(track);
      PacketStamp packet = cut.samples().get(sample).packet();
      if (packet.isMade()) {
        target.put(RingPiece.silence(cut.formats().get(packet.formatIndex())).asBuffer());
        return;
      }
      SessionReader reader = readers.get(track);
      try {
        reader.seek(packet.position());
        int spareBytes = packet.sizeBytes() - reader.packet().sizeBytes();
        ParameterSets.put(cut.formats().get(packet.formatIndex()), spareBytes, target);
        reader.copyPayload(target);
      } catch (IOException failure) {
        throw unreadable(failure);
      }
    }

    @Override
    public void close() {
      for (SessionReader reader : readers) {
        try {
          reader.close();
        } catch (IOException failure) {
          throw unreadable(failure);
        }
      }
    }
  }
}
