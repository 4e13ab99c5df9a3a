package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a plan's payloads out of a ring, by a cursor for each track that only walks forward. One
 * thread; closed by whoever made it.
 */
final class RingPayloads implements Timeline.Payloads {
  private final CutPlan plan;
  private final List<RingCursor> cursors = new ArrayList<>();

  RingPayloads(Ring ring, CutPlan plan) {
    this.plan = plan;
    try {
      for (TrackCut track : plan.tracks()) {
        RingCursor cursor = ring.cursor();
        cursors.add(cursor);
        cursor.seek(track.samples().getFirst().packet().position());
      }
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  @Override
  public void read(int track, int sample, ByteBuffer target) {
    TrackCut cut = plan.tracks().get(track);
    PacketStamp packet = cut.samples().get(sample).packet();
    if (packet.isMade()) {
      target.put(RingPiece.silence(cut.formats().get(packet.formatIndex())).asBuffer());
      return;
    }
    RingCursor cursor = cursors.get(track);
    walkTo(cursor, packet.position());
    ParameterSets.copy(cursor, target.remaining(), target);
  }

  static Bytes one(Ring ring, PacketStamp packet) {
    ByteBuffer buffer = ByteBuffer.allocate(packet.sizeBytes());
    try (RingCursor cursor = ring.cursor()) {
      cursor.seek(packet.position());
      walkTo(cursor, packet.position());
      if (!cursor.copyPayload(buffer)) {
        throw RingCutter.overrun();
      }
    }
    return Bytes.copyOf(buffer.flip());
  }

  static void walkTo(RingCursor cursor, long position) {
    while (true) {
      switch (cursor.next()) {
        case PACKET -> {
          if (cursor.position() == position) {
            return;
          }
          if (cursor.position() > position) {
            throw RingCutter.overrun();
          }
        }
        case CONFIGURATION, EPOCH -> {}
        case NOTHING_YET, OVERRUN -> throw RingCutter.overrun();
        case CLOSED -> throw RingCutter.closed();
      }
    }
  }

  @Override
  public void close() {
    cursors.forEach(RingCursor::close);
  }
}
