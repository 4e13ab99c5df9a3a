package dev.halcyon.verticles.ingest.sound;

import java.nio.ByteBuffer;

/**
 * Sound that is not compressed, or companded only, and so is encoded anew before it is kept.
 *
 * @param channels interleaved
 */
public record PcmFormat(Encoding encoding, int sampleRateHz, int channels) {
  /** How a sample is written. */
  public enum Encoding {
    /** G.711 µ-law. */
    MU_LAW(1),
    /** G.711 A-law. */
    A_LAW(1),
    /** 16 bits, big-endian (RFC 3551, 4.5.11). */
    L16(2),
    /** 16 bits, little-endian. */
    L16_LE(2),
    /** 8 bits, silence is 128. */
    U8(1);

    private final int bytes;

    Encoding(int bytes) {
      this.bytes = bytes;
    }
  }

  private static final float[] MU_LAW = table(true);
  private static final float[] A_LAW = table(false);

  public PcmFormat {
    if (sampleRateHz < 4_000 || sampleRateHz > 96_000 || channels < 1 || channels > 2) {
      throw new IllegalArgumentException(
          "no such sound [sampleRateHz=" + sampleRateHz + ", channels=" + channels + "]");
    }
  }

  /** Bytes of one sample of all channels. */
  public int frameBytes() {
    return encoding.bytes * channels;
  }

  /**
   * Reads whole samples, −1 to 1, a plane a channel.
   *
   * @param in consumed but for a broken last sample
   */
  public float[][] read(ByteBuffer in) {
    int samples = in.remaining() / frameBytes();
    float[][] planes = new float[channels][samples];
    for (int i = 0; i < samples; i++) {
      for (float[] plane : planes) {
        plane[i] =
            switch (encoding) {
              case MU_LAW -> MU_LAW[in.get() & 0xff];
              case A_LAW -> A_LAW[in.get() & 0xff];
              case L16 -> in.getShort() * 0x1p-15f;
              case L16_LE -> Short.reverseBytes(in.getShort()) * 0x1p-15f;
              case U8 -> ((in.get() & 0xff) - 128) * 0x1p-7f;
            };
      }
    }
    return planes;
  }

  private static float[] table(boolean isMuLaw) {
    float[] table = new float[256];
    for (int code = 0; code < table.length; code++) {
      table[code] = (isMuLaw ? muLaw(code) : aLaw(code)) * 0x1p-15f;
    }
    return table;
  }

  /** ITU-T G.711, tables 2a and 2b, as 16 bits: all bits are sent inverted. */
  private static int muLaw(int code) {
    int bits = ~code & 0xff;
    int magnitude = (((bits & 0xf) << 3) + 0x84) << (bits >> 4 & 7);
    return (bits & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84;
  }

  /** ITU-T G.711, tables 1a and 1b, as 16 bits: every other bit is sent inverted. */
  private static int aLaw(int code) {
    int bits = code ^ 0x55;
    int segment = bits >> 4 & 7;
    int step = (bits & 0xf) << 4 | 8;
    int magnitude = segment == 0 ? step : (step | 0x100) << (segment - 1);
    return (bits & 0x80) != 0 ? magnitude : -magnitude;
  }
}
