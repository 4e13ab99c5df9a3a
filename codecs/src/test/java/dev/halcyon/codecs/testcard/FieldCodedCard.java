package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * For tests: the test card as H.264 whose pictures are coded as two fields each, both in one packet
 * (picture-adaptive field coding, which no encoder at hand does). Every macroblock is plain samples
 * (I_PCM, ITU-T H.264, 7.3.5), so that the encoder is a bit writer.
 */
public final class FieldCodedCard {
  private static final int WIDTH_PX = 192;
  private static final int HEIGHT_PX = 128;
  private static final int GOP_FRAMES = 10;
  private static final int MAX_FRAME_NUM = 16;

  private static final int IDR = 5;
  private static final int OTHER = 1;
  private static final int SPS = 7;
  private static final int PPS = 8;

  private FieldCodedCard() {}

  /** All pictures that begin before {@code lengthUs}, 25 a second. */
  public static List<CodedPacket> packets(long lengthUs) {
    Track track = new Track(0, new VideoFormat(Codec.H264, WIDTH_PX, HEIGHT_PX, configuration()));
    CardPicture picture = new CardPicture(WIDTH_PX, HEIGHT_PX);
    List<CodedPacket> packets = new ArrayList<>();
    for (int frame = 0; FrameRate.FPS_25.usOfTick(frame) < lengthUs; frame++) {
      long atUs = FrameRate.FPS_25.usOfTick(frame);
      YuvCanvas drawn = picture.draw(new FrameStamp(frame, 3, atUs), 0);
      ByteArrayOutputStream payload = new ByteArrayOutputStream();
      putWithLength(payload, field(drawn, frame, 0));
      putWithLength(payload, field(drawn, frame, 1));
      packets.add(
          new CodedPacket(
              track,
              frame % GOP_FRAMES == 0,
              atUs,
              atUs,
              40_000,
              Bytes.copyOf(payload.toByteArray())));
    }
    return packets;
  }

  private static void putWithLength(ByteArrayOutputStream out, byte[] unit) {
    out.writeBytes(ByteBuffer.allocate(4).putInt(unit.length).array());
    out.writeBytes(unit);
  }

  /** AVCDecoderConfigurationRecord, ISO/IEC 14496-15. */
  private static Bytes configuration() {
    byte[] sps = sps();
    byte[] pps = pps();
    ByteBuffer record = ByteBuffer.allocate(11 + sps.length + pps.length);
    record.put((byte) 1).put(sps, 1, 3).put((byte) 0xff).put((byte) 0xe1);
    record.putShort((short) sps.length).put(sps).put((byte) 1);
    return Bytes.copyOf(record.putShort((short) pps.length).put(pps).flip());
  }

  private static byte[] sps() {
    Bits bits = new Bits().u(8, 77).u(8, 0).u(8, 40).ue(0);
    bits.ue(0); // log2_max_frame_num_minus4
    bits.ue(2); // pic_order_cnt_type: shown in decoding order
    bits.ue(1).u(1, 0); // one reference frame, no gaps
    bits.ue(WIDTH_PX / 16 - 1).ue(HEIGHT_PX / 32 - 1);
    bits.u(1, 0).u(1, 0); // not frames only, no adaptation inside of a picture
    bits.u(1, 1).u(1, 0).u(1, 0); // direct_8x8_inference; no cropping, no VUI
    return bits.toUnit(SPS);
  }

  private static byte[] pps() {
    Bits bits = new Bits().ue(0).ue(0).u(1, 0).u(1, 0).ue(0).ue(0).ue(0);
    bits.u(1, 0).u(2, 0).ue(0).ue(0).ue(0); // no weights, quantisers as they are
    return bits.u(1, 1).u(1, 0).u(1, 0).toUnit(PPS);
  }

  private static byte[] field(YuvCanvas drawn, int frame, int parity) {
    boolean isIdr = frame % GOP_FRAMES == 0 && parity == 0;
    Bits bits = new Bits().ue(0).ue(7).ue(0); // first macroblock, I slices only, PPS
    bits.u(4, frame % GOP_FRAMES % MAX_FRAME_NUM).u(1, 1).u(1, parity);
    if (isIdr) {
      bits.ue(frame / GOP_FRAMES % 2).u(2, 0); // idr_pic_id; references are neither kept nor long
    } else {
      bits.u(1, 0); // references slide
    }
    bits.ue(0).ue(1); // quantiser as it is, no deblocking
    for (int mb = 0; mb < WIDTH_PX / 16 * (HEIGHT_PX / 32); mb++) {
      bits.ue(25).align(); // I_PCM
      int column = mb % (WIDTH_PX / 16);
      int row = mb / (WIDTH_PX / 16);
      putBlock(bits, drawn.plane(0), WIDTH_PX, 16, column, row, parity);
      putBlock(bits, drawn.plane(1), WIDTH_PX / 2, 8, column, row, parity);
      putBlock(bits, drawn.plane(2), WIDTH_PX / 2, 8, column, row, parity);
    }
    return bits.toUnit(isIdr ? IDR : OTHER);
  }

  private static void putBlock(
      Bits bits, byte[] plane, int stride, int size, int column, int row, int parity) {
    for (int y = 0; y < size; y++) {
      int line = 2 * (row * size + y) + parity;
      for (int x = 0; x < size; x++) {
        bits.u(8, plane[line * stride + column * size + x] & 0xff);
      }
    }
  }

  /** Writes the syntax of H.264, 7.2 and 9.1. */
  private static final class Bits {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int current;
    private int count;

    Bits u(int bits, int value) {
      for (int i = bits - 1; i >= 0; i--) {
        current = (current << 1) | ((value >> i) & 1);
        if (++count == 8) {
          out.write(current);
          current = 0;
          count = 0;
        }
      }
      return this;
    }

    Bits ue(int value) {
      int bits = 32 - Integer.numberOfLeadingZeros(value + 1);
      return u(bits - 1, 0).u(bits, value + 1);
    }

    Bits align() {
      return count == 0 ? this : u(8 - count, 0);
    }

    /** A NAL unit: trailing bits, then emulation prevention (7.4.1). */
    byte[] toUnit(int type) {
      u(1, 1).align();
      ByteArrayOutputStream unit = new ByteArrayOutputStream();
      unit.write(0x60 | type);
      int zeros = 0;
      for (byte next : out.toByteArray()) {
        if (zeros == 2 && (next & 0xff) <= 3) {
          unit.write(3);
          zeros = 0;
        }
        unit.write(next);
        zeros = next == 0 ? zeros + 1 : 0;
      }
      return unit.toByteArray();
    }
  }
}
