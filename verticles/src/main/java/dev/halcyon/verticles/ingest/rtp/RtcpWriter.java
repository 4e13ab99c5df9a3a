package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes what a receiver says by RTCP. No state. */
final class RtcpWriter {
  private static final int RECEIVER_REPORT = 201;
  private static final int SOURCE_DESCRIPTION = 202;
  private static final int PAYLOAD_FEEDBACK = 206;
  private static final int PICTURE_LOSS = 1;
  private static final int CNAME = 1;
  private static final byte[] NAME = "halcyon".getBytes(StandardCharsets.US_ASCII);

  private RtcpWriter() {}

  /** A receiver report with one block, and who reports (RFC 3550, 6.1 wants both). */
  static byte[] report(int ownSsrc, int sourceSsrc, ReceptionStatistics.Block block) {
    ByteBuffer out = ByteBuffer.allocate(32 + 20);
    header(out, 1, RECEIVER_REPORT, 32);
    out.putInt(ownSsrc).putInt(sourceSsrc);
    out.putInt(block.lostFraction() << 24 | (block.lost() & 0xff_ffff));
    out.putInt(block.highestSequence()).putInt((int) block.jitterTicks());
    out.putInt(block.lastSenderReport()).putInt(block.delay());
    header(out, 1, SOURCE_DESCRIPTION, 20);
    out.putInt(ownSsrc).put((byte) CNAME).put((byte) NAME.length).put(NAME);
    return out.array(); // Zeros end the items and fill up the word.
  }

  /** Picture loss indication (RFC 4585, 6.3.1): asks for a keyframe. */
  static byte[] pictureLoss(int ownSsrc, int sourceSsrc) {
    ByteBuffer out = ByteBuffer.allocate(12);
    header(out, PICTURE_LOSS, PAYLOAD_FEEDBACK, 12);
    return out.putInt(ownSsrc).putInt(sourceSsrc).array();
  }

  private static void header(ByteBuffer out, int count, int type, int bytes) {
    out.put((byte) (0x80 | count)).put((byte) type).putShort((short) (bytes / 4 - 1));
  }
}
