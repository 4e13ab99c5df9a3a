package dev.halcyon.verticles.ingest.media;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameter sets that an H.265 source has told, in its session description or in band, and the
 * configuration that follows from those in use. One thread.
 */
public final class HevcParameterSets {
  public static final int VPS_NAL_TYPE = 32;
  public static final int SPS_NAL_TYPE = 33;
  public static final int PPS_NAL_TYPE = 34;

  private static final int PPS_COUNT = 64;

  /** A VPS with many layer sets stays far below. */
  private static final int MAX_NAL_BYTES = 4_096;

  private final Bytes[] vpsNals = new Bytes[16];
  private final Bytes[] spsNals = new Bytes[HevcSps.MAX_ID + 1];
  private final HevcSps[] parsed = new HevcSps[HevcSps.MAX_ID + 1];
  private final Bytes[] ppsNals = new Bytes[PPS_COUNT];
  private final int[] spsOfPps = new int[PPS_COUNT];
  private int activePps = -1;
  private Active active;

  /** What pictures are coded with now. */
  public record Active(HevcSps sps, VideoFormat format) {}

  public static int typeOf(int firstByte) {
    return firstByte >> 1 & 0x3f;
  }

  /**
   * Takes a VPS, SPS or PPS; others are passed over. One that is known already changes nothing.
   *
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public void add(byte[] nal) {
    if (nal.length < 3) {
      return;
    }
    int type = typeOf(nal[0]);
    if (type < VPS_NAL_TYPE || type > PPS_NAL_TYPE) {
      return;
    }
    if (nal.length > MAX_NAL_BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.265 parameter set too long");
    }
    switch (type) {
      case VPS_NAL_TYPE -> put(vpsNals, (nal[2] & 0xff) >> 4, nal);
      case SPS_NAL_TYPE -> {
        HevcSps sps = HevcSps.parse(nal);
        put(spsNals, sps.id(), nal);
        parsed[sps.id()] = sps;
      }
      default -> addPps(nal);
    }
  }

  private void addPps(byte[] nal) {
    BitReader in = BitReader.ofNalUnit(nal);
    in.skip(16);
    int id = in.unsignedGolomb();
    int spsId = in.unsignedGolomb();
    if (id >= PPS_COUNT || spsId > HevcSps.MAX_ID) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.265 PPS out of range");
    }
    put(ppsNals, id, nal);
    spsOfPps[id] = spsId;
  }

  private void put(Bytes[] nals, int id, byte[] nal) {
    Bytes bytes = Bytes.copyOf(nal);
    if (!bytes.equals(nals[id])) {
      nals[id] = bytes;
      active = null;
    }
  }

  /** What a picture that names this PPS is coded with; empty when its sets are not known. */
  public Optional<Active> activate(int ppsId) {
    if (ppsId < 0 || ppsId >= PPS_COUNT || ppsNals[ppsId] == null) {
      return Optional.empty();
    }
    HevcSps sps = parsed[spsOfPps[ppsId]];
    if (sps == null || vpsNals[sps.vpsId()] == null) {
      return Optional.empty();
    }
    boolean isSameSps = active != null && spsOfPps[activePps] == spsOfPps[ppsId];
    activePps = ppsId;
    if (!isSameSps) {
      Bytes config = config(sps);
      active = new Active(sps, new VideoFormat(Codec.HEVC, sps.widthPx(), sps.heightPx(), config));
    }
    return Optional.of(active);
  }

  /** What the first complete triple describes: before a picture has come. */
  public Optional<Active> first() {
    for (int id = 0; id < PPS_COUNT; id++) {
      Optional<Active> found = activate(id);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3.1) with lengths of four bytes. */
  private Bytes config(HevcSps sps) {
    List<Bytes> pps = new ArrayList<>();
    for (int id = 0; id < PPS_COUNT; id++) {
      if (ppsNals[id] != null && spsOfPps[id] == sps.id()) {
        pps.add(ppsNals[id]);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.writeBytes(sps.profileTierLevel().toArray());
    out.writeBytes(new byte[] {(byte) 0xf0, 0}); // No least segmentation stated.
    out.write(0xfc); // Parallelism not stated.
    out.write(0xfc | sps.chromaFormat());
    out.write(0xf8 | (sps.lumaBits() - 8));
    out.write(0xf8 | (sps.chromaBits() - 8));
    out.writeBytes(new byte[] {0, 0}); // Average frame rate not stated.
    int nested = sps.isTemporalNested() ? 1 : 0;
    out.write(sps.temporalLayers() << 3 | nested << 2 | (Integer.BYTES - 1));
    out.write(3);
    writeArray(out, VPS_NAL_TYPE, List.of(vpsNals[sps.vpsId()]));
    writeArray(out, SPS_NAL_TYPE, List.of(spsNals[sps.id()]));
    writeArray(out, PPS_NAL_TYPE, pps);
    return Bytes.copyOf(out.toByteArray());
  }

  private static void writeArray(ByteArrayOutputStream out, int type, List<Bytes> nals) {
    out.write(0x80 | type); // Complete: none is in the samples.
    out.write(nals.size() >> 8);
    out.write(nals.size());
    nals.forEach(nal -> AvcParameterSets.writeNal(out, nal));
  }
}
