package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cuts access units into RTP payloads by hand, each codec by its own standard. */
final class Payloads {
  private static final int MAX = RtpSender.MAX_PAYLOAD_BYTES;

  private Payloads() {}

  /** NAL units of a picture with lengths of four bytes. */
  static List<byte[]> nals(Bytes unit) {
    List<byte[]> nals = new ArrayList<>();
    ByteBuffer in = unit.asBuffer();
    while (in.hasRemaining()) {
      byte[] nal = new byte[in.getInt()];
      in.get(nal);
      nals.add(nal);
    }
    return nals;
  }

  /** Small units together in STAP-A, large ones in FU-A. */
  static List<byte[]> h264(List<byte[]> nals) {
    List<byte[]> payloads = new ArrayList<>();
    List<byte[]> small = new ArrayList<>();
    for (byte[] nal : nals) {
      if (nal.length > MAX) {
        aggregate(small, 24, 1, payloads);
        int type = nal[0] & 0x1f;
        int indicator = (nal[0] & 0xe0) | 28;
        fragments(nal, 1, payloads, new byte[] {(byte) indicator}, type);
      } else {
        if (total(small) + nal.length > MAX) {
          aggregate(small, 24, 1, payloads);
        }
        small.add(nal);
      }
    }
    aggregate(small, 24, 1, payloads);
    return payloads;
  }

  /** Small units together in aggregates, large ones in fragments. */
  static List<byte[]> h265(List<byte[]> nals) {
    List<byte[]> payloads = new ArrayList<>();
    List<byte[]> small = new ArrayList<>();
    for (byte[] nal : nals) {
      if (nal.length > MAX) {
        aggregate(small, 48 << 1, 2, payloads);
        int type = nal[0] >> 1 & 0x3f;
        byte[] outer = {(byte) ((nal[0] & 0x81) | (49 << 1)), nal[1]};
        fragments(nal, 2, payloads, outer, type);
      } else {
        if (total(small) + nal.length > MAX) {
          aggregate(small, 48 << 1, 2, payloads);
        }
        small.add(nal);
      }
    }
    aggregate(small, 48 << 1, 2, payloads);
    return payloads;
  }

  private static int total(List<byte[]> nals) {
    return nals.stream().mapToInt(nal -> nal.length + 2).sum();
  }

  private static void aggregate(
      List<byte[]> nals, int header, int headerBytes, List<byte[]> payloads) {
    if (nals.size() == 1) {
      payloads.add(nals.getFirst());
    } else if (!nals.isEmpty()) {
      ByteBuffer out = ByteBuffer.allocate(headerBytes + total(nals));
      out.put((byte) header);
      out.put(headerBytes == 2 ? new byte[] {1} : new byte[0]);
      nals.forEach(nal -> out.putShort((short) nal.length).put(nal));
      payloads.add(out.array());
    }
    nals.clear();
  }

  private static void fragments(
      byte[] nal, int headerBytes, List<byte[]> payloads, byte[] outer, int type) {
    for (int at = headerBytes; at < nal.length; at += MAX) {
      int end = Math.min(nal.length, at + MAX);
      int flags = (at == headerBytes ? 0x80 : 0) | (end == nal.length ? 0x40 : 0);
      payloads.add(
          concat(outer, new byte[] {(byte) (flags | type)}, Arrays.copyOfRange(nal, at, end)));
    }
  }

  /** With a picture id of 15 bits. */
  static List<byte[]> vp8(byte[] frame, int pictureId) {
    List<byte[]> payloads = new ArrayList<>();
    for (int at = 0; at < frame.length; at += MAX) {
      byte first = (byte) (0x80 | (at == 0 ? 0x10 : 0));
      byte[] descriptor = {first, (byte) 0x80, (byte) (0x80 | pictureId >> 8), (byte) pictureId};
      payloads.add(concat(descriptor, piece(frame, at)));
    }
    return payloads;
  }

  /** Not flexible, with a picture id of 7 bits; keyframes carry a scalability structure. */
  static List<byte[]> vp9(byte[] frame, int pictureId, boolean isKeyframe) {
    List<byte[]> payloads = new ArrayList<>();
    for (int at = 0; at < frame.length; at += MAX) {
      boolean begins = at == 0;
      boolean ends = at + MAX >= frame.length;
      boolean hasStructure = begins && isKeyframe;
      int flags = 0x80 | (isKeyframe ? 0 : 0x40) | (begins ? 8 : 0) | (ends ? 4 : 0);
      flags |= hasStructure ? 2 : 0;
      byte[] structure = {0x18, 2, (byte) 0x80, 1, 0x68, 1, 0x04, 1};
      payloads.add(
          concat(
              new byte[] {(byte) flags, (byte) (pictureId & 0x7f)},
              hasStructure ? structure : new byte[0],
              piece(frame, at)));
    }
    return payloads;
  }

  /** The OBUs of a temporal unit without their sizes, from one where all have them. */
  static List<byte[]> obus(byte[] unit) {
    List<byte[]> obus = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(unit);
    while (in.hasRemaining()) {
      byte header = in.get();
      byte[] extension = (header & 4) != 0 ? new byte[] {in.get()} : new byte[0];
      int size = 0;
      int next = 0x80;
      for (int i = 0; (next & 0x80) != 0; i++) {
        next = in.get();
        size |= (next & 0x7f) << (7 * i);
      }
      byte[] content = new byte[size];
      in.get(content);
      obus.add(concat(new byte[] {(byte) (header & ~2)}, extension, content));
    }
    return obus;
  }

  /**
   * OBUs without their sizes, each an element behind its length; an element that does not fit goes
   * on in the next packet.
   */
  static List<byte[]> av1(List<byte[]> obus, boolean isNewSequence) {
    List<byte[]> payloads = new ArrayList<>();
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    boolean isContinued = false;
    payload.write(0);
    for (byte[] obu : obus) {
      for (int at = 0; at < obu.length; ) {
        int now = Math.min(obu.length - at, MAX - payload.size());
        payload.writeBytes(leb128(now));
        payload.write(obu, at, now);
        at += now;
        if (payload.size() >= MAX) {
          boolean isOngoing = at < obu.length;
          payloads.add(av1(payload, isContinued, isOngoing, isNewSequence && payloads.isEmpty()));
          isContinued = isOngoing;
          payload.reset();
          payload.write(0);
        }
      }
    }
    if (payload.size() > 1) {
      payloads.add(av1(payload, isContinued, false, isNewSequence && payloads.isEmpty()));
    }
    return payloads;
  }

  private static byte[] av1(
      ByteArrayOutputStream payload, boolean isContinued, boolean isOngoing, boolean isNew) {
    byte[] bytes = payload.toByteArray();
    bytes[0] = (byte) ((isContinued ? 0x80 : 0) | (isOngoing ? 0x40 : 0) | (isNew ? 8 : 0));
    return bytes;
  }

  static byte[] leb128(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest >= 0x80) {
      out.write(0x80 | rest);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  /** AAC-hbr: 13 bits of size, 3 of index. */
  static byte[] aac(List<byte[]> units) {
    ByteBuffer out =
        ByteBuffer.allocate(
            2 + 2 * units.size() + units.stream().mapToInt(unit -> unit.length).sum());
    out.putShort((short) (16 * units.size()));
    units.forEach(unit -> out.putShort((short) (unit.length << 3)));
    units.forEach(out::put);
    return out.array();
  }

  static byte[] piece(byte[] frame, int at) {
    return Arrays.copyOfRange(frame, at, Math.min(frame.length, at + MAX));
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
