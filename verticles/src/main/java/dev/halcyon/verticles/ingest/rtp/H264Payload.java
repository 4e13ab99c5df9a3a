package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.AvcParameterSets;
import dev.halcyon.verticles.ingest.media.AvcSps;
import dev.halcyon.verticles.ingest.media.BitReader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H.264 in RTP (RFC 6184), packetization modes 0 and 1. Parameter sets are learnt and taken out of
 * the pictures, as are delimiters and filler.
 *
 * <pre>
 *   single   0 F:1 NRI:2 type:5 = 1..23 | 1 …
 *   STAP-A   0 F NRI 24 | n × (length:16, NAL)
 *   FU-A     0 F NRI 28 | 1 S:1 E:1 R:1 type:5 | 2 fragment
 * </pre>
 */
final class H264Payload implements PicturePayload {
  private static final Logger log = LoggerFactory.getLogger(H264Payload.class);
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int IDR = 5;
  private static final int NONE = -1;
  private static final int SEI = 6;
  private static final int RECOVERY_POINT = 6;

  /** Enough for three Exp-Golomb codes with emulation prevention between them. */
  private static final int SLICE_HEAD_BYTES = 24;

  private static final int SEI_HEAD_BYTES = 256;

  private final AvcParameterSets sets = new AvcParameterSets();
  private final NalAssembly nals = new NalAssembly(this::keep);
  private Optional<AvcParameterSets.Active> active;

  private boolean hasSlice;
  private boolean hasIdr;
  private boolean hasBegunSlice;
  private boolean isReferenced;
  private boolean isIntra;
  private boolean isRecoveryPoint;
  private int ppsId;
  private byte[] sliceHead = {};

  /** Of the last picture that others need, and what the present one is distant from it. */
  private int referenceFrameNum = NONE;

  private boolean isNextFrame;
  private int maxFrameNum;

  /**
   * @param told parameter sets of the session description, as far as there are any
   */
  H264Payload(List<byte[]> told) {
    told.forEach(this::learn);
    active = sets.first();
  }

  /** One that cannot be read leaves those before in force; it may come again, and right. */
  private void learn(byte[] nal) {
    try {
      sets.add(nal);
    } catch (HalcyonException unreadable) {
      log.debug("parameter set passed over: {}", unreadable.getMessage());
    }
  }

  @Override
  public boolean isStart(ByteBuffer payload) {
    int at = payload.position();
    int type = payload.get(at) & 0x1f;
    if (type == STAP_A) {
      return payload.remaining() > 4 && isStart(payload.get(at + 3), payload.get(at + 4));
    }
    if (type == FU_A) {
      return payload.remaining() > 2
          && (payload.get(at + 1) & 0x80) != 0
          && isStart(payload.get(at + 1), payload.get(at + 2));
    }
    return payload.remaining() > 1 && isStart(payload.get(at), payload.get(at + 1));
  }

  /** A slice of macroblock 0 (the code for which is a single 1), or what comes before slices. */
  private static boolean isStart(byte header, byte next) {
    int type = header & 0x1f;
    boolean isSlice = type >= 1 && type <= IDR;
    return isSlice ? (next & 0x80) != 0 : type >= SEI && type <= 9;
  }

  @Override
  public void append(ByteBuffer payload, AssemblyBuffer picture) {
    int first = payload.get(payload.position()) & 0xff;
    int type = first & 0x1f;
    switch (type) {
      case STAP_A -> appendAll(payload, picture);
      case FU_A -> appendFragment(first, payload, picture);
      case 0, 30, 31 -> {} // Reserved: to be ignored.
      case 25, 26, 27, 29 ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "H.264 with interleaving [type=" + type + "]");
      default -> nals.add(payload, picture);
    }
  }

  private void appendAll(ByteBuffer payload, AssemblyBuffer picture) {
    payload.get();
    while (payload.hasRemaining()) {
      int length = payload.remaining() < 2 ? -1 : payload.getShort() & 0xffff;
      if (length < 0 || length > payload.remaining()) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.264 aggregate cut off");
      }
      nals.add(payload.slice(payload.position(), length), picture);
      payload.position(payload.position() + length);
    }
  }

  private void appendFragment(int indicator, ByteBuffer payload, AssemblyBuffer picture) {
    if (payload.remaining() < 2) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.264 fragment cut off");
    }
    payload.get();
    int header = payload.get();
    if ((header & 0x80) != 0) {
      noteReference(header & 0x1f, indicator);
      nals.begin((indicator & 0xe0) | (header & 0x1f), 1, picture);
    }
    nals.continueWith(payload, picture);
    if ((header & 0x40) != 0) {
      nals.end(picture);
    }
  }

  private boolean keep(ByteBuffer nal) {
    int header = nal.get(0);
    int type = header & 0x1f;
    switch (type) {
      case 1, 2, IDR -> onSlice(type, header, nal);
      case SEI -> isRecoveryPoint |= isRecoveryPoint(nal);
      case AvcParameterSets.SPS_NAL_TYPE, AvcParameterSets.PPS_NAL_TYPE ->
          learn(NalAssembly.bytes(nal));
      default -> {}
    }
    return type >= 1 && type <= SEI;
  }

  /** Known from the first fragment on: all slices of a picture say the same (7.4.1). */
  private void noteReference(int type, int header) {
    if (type >= 1 && type <= IDR) {
      hasBegunSlice = true;
      isReferenced |= (header & 0x60) != 0;
    }
  }

  private void onSlice(int type, int header, ByteBuffer nal) {
    noteReference(type, header);
    hasIdr |= type == IDR;
    if (!hasSlice) {
      hasSlice = true;
      BitReader in = BitReader.ofNalUnit(nal, SLICE_HEAD_BYTES);
      in.skip(8);
      in.unsignedGolomb(); // first_mb_in_slice
      int sliceType = in.unsignedGolomb() % 5;
      isIntra = sliceType == 2 || sliceType == 4;
      ppsId = in.unsignedGolomb();
      sliceHead = new byte[Math.min(SLICE_HEAD_BYTES, nal.remaining())];
      nal.get(nal.position(), sliceHead);
    }
  }

  /**
   * 7.4.3: a picture's frame_num is one more than that of the last reference picture before it, and
   * so tells when one is missing.
   */
  private void count(AvcSps.Slices slices) {
    BitReader in = BitReader.ofNalUnit(ByteBuffer.wrap(sliceHead), SLICE_HEAD_BYTES);
    in.skip(8);
    in.unsignedGolomb(); // first_mb_in_slice
    in.unsignedGolomb(); // slice_type
    in.unsignedGolomb(); // pic_parameter_set_id
    in.skip(slices.hasPlaneId() ? 2 : 0);
    int frameNum = in.bits(slices.frameNumBits());
    maxFrameNum = 1 << slices.frameNumBits();
    isNextFrame =
        slices.isFramesOnly()
            && referenceFrameNum != NONE
            && frameNum == (referenceFrameNum + 1) % maxFrameNum;
    if (isReferenced) {
      referenceFrameNum = frameNum;
    }
  }

  /** So many pictures that frame_num comes round cannot be in fewer packets. */
  @Override
  public boolean hasAllReferences(long lostPackets) {
    return isNextFrame && lostPackets < maxFrameNum;
  }

  /** D.1.8: from here on all is right, although references may reach back across. */
  private static boolean isRecoveryPoint(ByteBuffer nal) {
    try {
      BitReader in = BitReader.ofNalUnit(nal, SEI_HEAD_BYTES);
      in.skip(8);
      while (in.remainingBits() > 16) {
        int type = seiNumber(in);
        int length = seiNumber(in);
        if (type == RECOVERY_POINT) {
          return in.unsignedGolomb() == 0; // recovery_frame_cnt
        }
        in.skip(8 * length);
      }
    } catch (HalcyonException cutOff) {
      return false;
    }
    return false;
  }

  private static int seiNumber(BitReader in) {
    int number = 0;
    int next = in.bits(8);
    while (next == 0xff) {
      number += next;
      next = in.bits(8);
    }
    return number + next;
  }

  @Override
  public boolean hasPicture() {
    return hasSlice;
  }

  @Override
  public boolean isDisposable() {
    return hasBegunSlice && !isReferenced;
  }

  @Override
  public Kind finish(AssemblyBuffer picture) {
    nals.requireWhole();
    Optional<AvcParameterSets.Active> used = sets.activate(ppsId);
    if (used.isEmpty()) {
      return Kind.UNDECODABLE;
    }
    active = used;
    count(used.get().sps().slices());
    if (hasIdr) {
      return Kind.CLOSED_KEYFRAME;
    }
    return isRecoveryPoint && isIntra ? Kind.OPEN_KEYFRAME : Kind.DEPENDENT;
  }

  @Override
  public Optional<Coding> coding() {
    return active.map(
        now -> new Coding(now.format(), now.sps().reorderPictures(), now.sps().pictureUs()));
  }

  @Override
  public void reset() {
    nals.reset();
    hasSlice = false;
    hasIdr = false;
    hasBegunSlice = false;
    isReferenced = false;
    isIntra = false;
    isRecoveryPoint = false;
  }
}
