package dev.halcyon.codecs.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** For tests: x264's start-code framing as MP4's length framing (ISO 14496-15). */
final class AnnexB {
  private static final int SPS = 7;
  private static final int PPS = 8;

  private AnnexB() {}

  static List<byte[]> units(byte[] stream) {
    List<byte[]> units = new ArrayList<>();
    int start = -1;
    for (int i = 0; i + 2 < stream.length; i++) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        if (start >= 0) {
          units.add(unit(stream, start, i));
        }
        start = i + 3;
        i += 2;
      }
    }
    units.add(unit(stream, start, stream.length));
    return units;
  }

  private static byte[] unit(byte[] stream, int from, int to) {
    int end = to;
    while (end > from && stream[end - 1] == 0) {
      end--;
    }
    return java.util.Arrays.copyOfRange(stream, from, end);
  }

  /** An access unit with four-byte lengths. */
  static byte[] lengthFramed(byte[] stream) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] unit : units(stream)) {
      out.writeBytes(ByteBuffer.allocate(4).putInt(unit.length).array());
      out.writeBytes(unit);
    }
    return out.toByteArray();
  }

  /** The body of {@code avcC} from an encoder's parameter sets. */
  static byte[] avcC(byte[] parameterSets) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<byte[]> sps = units(parameterSets).stream().filter(u -> (u[0] & 31) == SPS).toList();
    List<byte[]> pps = units(parameterSets).stream().filter(u -> (u[0] & 31) == PPS).toList();
    byte[] first = sps.getFirst();
    out.writeBytes(new byte[] {1, first[1], first[2], first[3], (byte) 0xff, (byte) 0xe1});
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) first.length).array());
    out.writeBytes(first);
    out.write(1);
    out.writeBytes(ByteBuffer.allocate(2).putShort((short) pps.getFirst().length).array());
    out.writeBytes(pps.getFirst());
    return out.toByteArray();
  }
}
