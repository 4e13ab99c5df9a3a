package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Lets H.264 pictures be decoded from a recovery point on as if nothing had been before it. The
 * pictures behind it may say that references from before it are no longer needed. A decoder that
 * began there never had them, and one that stops at the first error (Chromium's) stops. Here those
 * words are taken out of slice headers, and where none are left the decoder's own window slides
 * (ITU-T H.264, 8.2.5.3), which ends the oldest reference: such as FFmpeg has made up for pictures
 * that it never saw. The coded pictures stay as they are.
 *
 * <p>No length changes, so that this can be done as packets are read: what becomes shorter is
 * filled up with zero bytes behind its end, which decoders pass over. One track, from one such
 * point on; not thread-safe.
 */
public final class RecoveryEntry {
  private static final int AVC_IDR = 5;

  /** Slice headers are tens of bytes; with all weights some hundred. */
  private static final int HEADER_BYTES = 1_024;

  private final AvcSetsInForce sets = new AvcSetsInForce();
  private VideoFormat format;
  private int lastFrameNum = -1;
  private int framesSince;
  private boolean isOver;

  /**
   * The next picture in decoding order, the first one being that which decoding begins with.
   *
   * @param inForce its track's configuration
   * @param packet from position to limit, which stay as they are; changed where it must be
   */
  public void onPicture(VideoFormat inForce, ByteBuffer packet) {
    if (isOver || inForce.codec() != Codec.H264) {
      return;
    }
    if (!inForce.equals(format)) {
      format = inForce;
      sets.add(inForce);
    }
    int lengthBytes = NalUnits.lengthBytes(inForce);
    int at = packet.position();
    boolean isFirstSlice = true;
    while (!isOver && packet.limit() - at > lengthBytes) {
      long length = 0;
      for (int i = 0; i < lengthBytes; i++) {
        length = (length << 8) | (packet.get(at + i) & 0xff);
      }
      at += lengthBytes;
      if (length == 0 || length > packet.limit() - at) {
        return;
      }
      isFirstSlice &= !onUnit(packet.slice(at, (int) length), isFirstSlice);
      at += (int) length;
    }
  }

  /** Whether it was a slice. */
  private boolean onUnit(ByteBuffer unit, boolean isFirstSlice) {
    int type = unit.get(0) & 0x1f;
    if (type == NalUnits.AVC_SPS || type == NalUnits.AVC_PPS) {
      sets.add(Bytes.copyOf(unit));
    } else if (type == AVC_IDR) {
      isOver = true; // it ends all references itself
    } else if (type == 1 || type == 2) {
      onSlice(unit, isFirstSlice);
      return true;
    }
    return false;
  }

  private void onSlice(ByteBuffer unit, boolean isFirstSlice) {
    Bytes start = Bytes.copyOf(unit.slice(0, Math.min(unit.limit(), HEADER_BYTES)));
    BitReader bits = BitReader.ofNal(start, 1, start.length());
    Optional<AvcSlice> parsed = AvcSlice.parse(start.at(0), bits, sets);
    if (parsed.isEmpty() || parsed.get().marking().map(m -> m.hasOthers()).orElse(false)) {
      isOver = true; // what is not understood is left as it is
      return;
    }
    AvcSlice slice = parsed.get();
    if (isFirstSlice) {
      count(slice);
    }
    int perFrame = slice.isField() ? 2 : 1;
    int reach = perFrame * framesSince + perFrame - 1;
    slice.marking().ifPresent(marking -> mark(unit, slice, marking, reach));
  }

  /** Of the frames since the entry that others refer to. */
  private void count(AvcSlice slice) {
    if (lastFrameNum >= 0) {
      framesSince += (slice.frameNum() - lastFrameNum) & ((1 << slice.frameNumBits()) - 1);
    }
    lastFrameNum = slice.frameNum();
  }

  /**
   * @param reach how many pictures back the entry is
   */
  private static void mark(ByteBuffer unit, AvcSlice slice, AvcSlice.Marking marking, int reach) {
    List<AvcSlice.Ended> kept =
        marking.ended().stream().filter(ended -> ended.picturesBack() <= reach).toList();
    if (!kept.isEmpty() && kept.size() == marking.ended().size()) {
      return;
    }
    byte[] payload = unescaped(unit);
    BitWriter out = new BitWriter(payload.length + 1);
    out.copy(payload, 0, marking.startBit());
    if (kept.isEmpty()) {
      out.bit(0);
    } else {
      out.bit(1);
      kept.forEach(ended -> out.copy(payload, ended.startBit(), ended.endBit()));
      out.bit(1);
    }
    out.copy(payload, marking.endBit(), slice.endBit());
    long dataBit = slice.endBit();
    if (slice.isArithmetic()) {
      while (!out.isAligned()) {
        out.bit(1);
      }
      dataBit = (dataBit + 7) / 8 * 8;
    }
    out.copy(payload, dataBit, 8L * payload.length);
    replace(unit, escaped(out.toArray()));
  }

  private static byte[] unescaped(ByteBuffer unit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(unit.limit());
    int zeros = 0;
    for (int at = 1; at < unit.limit(); at++) {
      int value = unit.get(at);
      if (zeros >= 2 && value == 3) {
        zeros = 0;
        continue;
      }
      zeros = value == 0 ? zeros + 1 : 0;
      out.write(value);
    }
    return out.toByteArray();
  }

  /** With emulation prevention (7.4.1), without the zero bytes at the end. */
  private static byte[] escaped(byte[] payload) {
    int end = payload.length;
    while (end > 0 && payload[end - 1] == 0) {
      end--;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(end + 16);
    int zeros = 0;
    for (int at = 0; at < end; at++) {
      if (zeros >= 2 && (payload[at] & 0xff) <= 3) {
        out.write(3);
        zeros = 0;
      }
      zeros = payload[at] == 0 ? zeros + 1 : 0;
      out.write(payload[at]);
    }
    return out.toByteArray();
  }

  private static void replace(ByteBuffer unit, byte[] payload) {
    if (payload.length > unit.limit() - 1) {
      return; // more emulation prevention than was saved: hardly ever
    }
    unit.put(1, payload);
    for (int at = 1 + payload.length; at < unit.limit(); at++) {
      unit.put(at, (byte) 0);
    }
  }
}
