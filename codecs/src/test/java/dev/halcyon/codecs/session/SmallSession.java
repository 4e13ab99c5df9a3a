package dev.halcyon.codecs.session;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** For tests: GOPs of four made-up pictures of 40 ms with a packet of sound each. */
final class SmallSession {
  static final Track VIDEO =
      new Track(
          0,
          new VideoFormat(
              Codec.H264, 320, 240, Bytes.copyOf(new byte[] {1, 100, 0, 32, -1, -32, 0})));
  static final Track AUDIO =
      new Track(
          1, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90})));
  static final long PICTURE_US = 40_000;
  static final int GOP = 4;
  static final long GOP_US = GOP * PICTURE_US;
  static final long WALL_US = 1_795_132_800_000_000L;

  private SmallSession() {}

  static SessionHead head() {
    return head(0, 0);
  }

  static SessionHead head(int epoch, long anchorStreamUs) {
    return new SessionHead(
        new UUID(1, 2),
        new UUID(3, 4),
        1,
        0x1234_5678_9abc_def0L,
        epoch,
        anchorStreamUs,
        WALL_US + anchorStreamUs,
        WALL_US + anchorStreamUs,
        List.of(VIDEO, AUDIO));
  }

  /** The GOP that begins at a stream time. */
  static ClosedRange gop(long fromUs, Seam seam) {
    List<RangePacket> packets = new ArrayList<>();
    for (int i = 0; i < GOP; i++) {
      long us = fromUs + i * PICTURE_US;
      packets.add(new RangePacket(0, i == 0, 2 * i, us, us, 0, 40 + i, us));
      packets.add(new RangePacket(1, true, 2 * i + 1, us, us, PICTURE_US, 9, us + 1));
    }
    return new ClosedRange(packets, true, seam, WALL_US + fromUs);
  }

  /** The payload is told by the packet's position, which is told by its time and track. */
  static void payload(RangePacket packet, ByteBuffer target) {
    target.put(payload(packet.position(), packet.sizeBytes()));
  }

  static byte[] payload(long position, int sizeBytes) {
    byte[] bytes = new byte[sizeBytes];
    new Random(position).nextBytes(bytes);
    return bytes;
  }

  static byte[] payload(SessionPacket packet) {
    return payload(packet.ptsUs() + packet.track(), packet.sizeBytes());
  }

  /** Writes GOPs one after the other into a file that is not closed. */
  static SessionWriter written(SessionStore store, Path path, int gops) throws IOException {
    SessionWriter writer = SessionWriter.create(store, path, head(), 0);
    for (int i = 0; i < gops; i++) {
      writer.append(gop(i * GOP_US, Seam.CONTINUOUS), SmallSession::payload);
    }
    return writer;
  }
}
