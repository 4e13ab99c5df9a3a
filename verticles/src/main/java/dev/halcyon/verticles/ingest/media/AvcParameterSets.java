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
 * The parameter sets that an H.264 source has told, in its session description or in band, and the
 * configuration that follows from those in use. One thread.
 */
public final class AvcParameterSets {
  public static final int SPS_NAL_TYPE = 7;
  public static final int PPS_NAL_TYPE = 8;

  private static final int PPS_COUNT = 256;
  private static final int MAX_LISTED_PPS = 255;

  /** An SPS with every scaling list has half of it. */
  private static final int MAX_NAL_BYTES = 2_048;

  private final Bytes[] spsNals = new Bytes[32];
  private final AvcSps[] parsed = new AvcSps[32];
  private final Bytes[] ppsNals = new Bytes[PPS_COUNT];
  private final int[] spsOfPps = new int[PPS_COUNT];
  private int activePps = -1;
  private Active active;

  /** What pictures are coded with now. */
  public record Active(AvcSps sps, VideoFormat format) {}

  /**
   * Takes an SPS or a PPS; others are passed over. One that is known already changes nothing.
   *
   * @throws HalcyonException CORRUPT_MEDIA
   */
  public void add(byte[] nal) {
    if (nal.length == 0) {
      return;
    }
    switch (nal[0] & 0x1f) {
      case SPS_NAL_TYPE -> addSps(nal);
      case PPS_NAL_TYPE -> addPps(nal);
      default -> {}
    }
  }

  private void addSps(byte[] nal) {
    requireLength(nal);
    AvcSps sps = AvcSps.parse(nal);
    Bytes bytes = Bytes.copyOf(nal);
    if (!bytes.equals(spsNals[sps.id()])) {
      spsNals[sps.id()] = bytes;
      parsed[sps.id()] = sps;
      active = null;
    }
  }

  private void addPps(byte[] nal) {
    requireLength(nal);
    BitReader in = BitReader.ofNalUnit(nal);
    in.skip(8);
    int id = in.unsignedGolomb();
    int spsId = in.unsignedGolomb();
    if (id >= PPS_COUNT || spsId >= spsNals.length) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.264 PPS out of range");
    }
    Bytes bytes = Bytes.copyOf(nal);
    if (!bytes.equals(ppsNals[id])) {
      ppsNals[id] = bytes;
      spsOfPps[id] = spsId;
      active = null;
    }
  }

  private static void requireLength(byte[] nal) {
    if (nal.length > MAX_NAL_BYTES) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.264 parameter set too long");
    }
  }

  /** What a picture that names this PPS is coded with; empty when its sets are not known. */
  public Optional<Active> activate(int ppsId) {
    if (ppsId < 0 || ppsId >= PPS_COUNT || ppsNals[ppsId] == null) {
      return Optional.empty();
    }
    AvcSps sps = parsed[spsOfPps[ppsId]];
    if (sps == null) {
      return Optional.empty();
    }
    boolean isSameSps = active != null && spsOfPps[activePps] == spsOfPps[ppsId];
    activePps = ppsId;
    if (!isSameSps) {
      Bytes config = config(sps);
      active = new Active(sps, new VideoFormat(Codec.H264, sps.widthPx(), sps.heightPx(), config));
    }
    return Optional.of(active);
  }

  /** What the first complete pair describes: before a picture has come. */
  public Optional<Active> first() {
    for (int id = 0; id < PPS_COUNT; id++) {
      Optional<Active> found = activate(id);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) with lengths of four bytes. */
  private Bytes config(AvcSps sps) {
    Bytes spsNal = spsNals[sps.id()];
    List<Bytes> pps = new ArrayList<>();
    for (int id = 0; id < PPS_COUNT && pps.size() < MAX_LISTED_PPS; id++) {
      if (ppsNals[id] != null && spsOfPps[id] == sps.id()) {
        pps.add(ppsNals[id]);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(spsNal.toArray(), 1, 3); // Profile, constraints, level.
    out.write(0xfc | (Integer.BYTES - 1));
    out.write(0xe0 | 1);
    writeNal(out, spsNal);
    out.write(pps.size());
    pps.forEach(nal -> writeNal(out, nal));
    boolean isHigh = sps.profile() != 66 && sps.profile() != 77 && sps.profile() != 88;
    if (isHigh) {
      out.write(0xfc | sps.chromaFormat());
      out.write(0xf8 | (sps.lumaBits() - 8));
      out.write(0xf8 | (sps.chromaBits() - 8));
      out.write(0); // No SPS extension.
    }
    return Bytes.copyOf(out.toByteArray());
  }

  static void writeNal(ByteArrayOutputStream out, Bytes nal) {
    out.write(nal.length() >> 8);
    out.write(nal.length());
    out.writeBytes(nal.toArray());
  }
}
