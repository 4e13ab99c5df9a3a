package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BitReader;
import dev.halcyon.verticles.ingest.media.HevcParameterSets;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H.265 in RTP (RFC 7798) without interleaving. Parameter sets are learnt and taken out of the
 * pictures, as are delimiters and filler.
 *
 * <pre>
 *   single   0 F:1 type:6 layer:6 TID:3 | 2 …
 *   AP       0 type 48 | 2 n × (length:16, NAL)
 *   FU       0 type 49 | 2 S:1 E:1 type:6 | 3 fragment
 * </pre>
 */
final class H265Payload implements PicturePayload {
  private static final Logger log = LoggerFactory.getLogger(H265Payload.class);
  private static final int AGGREGATE = 48;
  private static final int FRAGMENT = 49;
  private static final int PACI = 50;
  private static final int LAST_SLICE = 31;
  private static final int FIRST_IRAP = 16;
  private static final int LAST_IRAP = 23;
  private static final int IDR_W_RADL = 19;
  private static final int IDR_N_LP = 20;
  private static final int PREFIX_SEI = 39;
  private static final int SUFFIX_SEI = 40;
  private static final int SLICE_HEAD_BYTES = 16;

  private final HevcParameterSets sets = new HevcParameterSets();
  private final NalAssembly nals = new NalAssembly(this::keep);
  private Optional<HevcParameterSets.Active> active;

  private boolean hasSlice;
  private int sliceType;
  private boolean hasBegunSlice;
  private boolean isReferenced;
  private int ppsId;

  /**
   * @param told parameter sets of the session description, as far as there are any
   */
  H265Payload(List<byte[]> told) {
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
    if (payload.remaining() < 3) {
      return false;
    }
    return switch (HevcParameterSets.typeOf(payload.get(at))) {
      case AGGREGATE ->
          payload.remaining() > 6
              && isStart(HevcParameterSets.typeOf(payload.get(at + 4)), payload.get(at + 6));
      case FRAGMENT ->
          payload.remaining() > 3
              && (payload.get(at + 2) & 0x80) != 0
              && isStart(payload.get(at + 2) & 0x3f, payload.get(at + 3));
      default -> isStart(HevcParameterSets.typeOf(payload.get(at)), payload.get(at + 2));
    };
  }

  /** The first slice of a picture says so in its first bit; parameter sets come before slices. */
  private static boolean isStart(int type, byte next) {
    return type <= LAST_SLICE
        ? (next & 0x80) != 0
        : type <= HevcParameterSets.PPS_NAL_TYPE + 1 || type == PREFIX_SEI;
  }

  @Override
  public void append(ByteBuffer payload, AssemblyBuffer picture) {
    if (payload.remaining() < 3) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.265 payload cut off");
    }
    int type = HevcParameterSets.typeOf(payload.get(payload.position()));
    switch (type) {
      case AGGREGATE -> appendAll(payload, picture);
      case FRAGMENT -> appendFragment(payload, picture);
      case PACI -> throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "H.265 PACI packets");
      default -> nals.add(payload, picture);
    }
  }

  private void appendAll(ByteBuffer payload, AssemblyBuffer picture) {
    payload.getShort();
    while (payload.hasRemaining()) {
      int length = payload.remaining() < 2 ? -1 : payload.getShort() & 0xffff;
      if (length < 0 || length > payload.remaining()) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "H.265 aggregate cut off");
      }
      nals.add(payload.slice(payload.position(), length), picture);
      payload.position(payload.position() + length);
    }
  }

  private void appendFragment(ByteBuffer payload, AssemblyBuffer picture) {
    int outer = payload.getShort() & 0xffff;
    int header = payload.get();
    if ((header & 0x80) != 0) {
      noteReference(header & 0x3f);
      nals.begin((outer & 0x81ff) | (header & 0x3f) << 9, 2, picture);
    }
    nals.continueWith(payload, picture);
    if ((header & 0x40) != 0) {
      nals.end(picture);
    }
  }

  private boolean keep(ByteBuffer nal) {
    if (nal.remaining() < 3) {
      return false;
    }
    int header = nal.getShort(0);
    int type = HevcParameterSets.typeOf(nal.get(0));
    boolean isBaseLayer = (header >> 3 & 0x3f) == 0;
    if (isBaseLayer && type <= LAST_SLICE) {
      onSlice(type, nal);
    } else if (isBaseLayer && type <= HevcParameterSets.PPS_NAL_TYPE) {
      learn(NalAssembly.bytes(nal));
    }
    return isBaseLayer && (type <= LAST_SLICE || type == PREFIX_SEI || type == SUFFIX_SEI);
  }

  /** Even types below 16 are sub-layer non-reference pictures (table 7-1). */
  private void noteReference(int type) {
    if (type <= LAST_SLICE) {
      hasBegunSlice = true;
      isReferenced |= type >= FIRST_IRAP || (type & 1) == 1;
    }
  }

  private void onSlice(int type, ByteBuffer nal) {
    noteReference(type);
    if (!hasSlice) {
      hasSlice = true;
      sliceType = type;
      BitReader in = BitReader.ofNalUnit(nal, SLICE_HEAD_BYTES);
      in.skip(17); // Header, first_slice_segment_in_pic_flag.
      if (isRandomAccess(type)) {
        in.flag(); // no_output_of_prior_pics_flag
      }
      ppsId = in.unsignedGolomb();
    }
  }

  private static boolean isRandomAccess(int type) {
    return type >= FIRST_IRAP && type <= LAST_IRAP;
  }

  @Override
  public boolean hasPicture() {
    return hasSlice;
  }

  /** With temporal layers, pictures of higher ones may still need it. */
  @Override
  public boolean isDisposable() {
    return hasBegunSlice
        && !isReferenced
        && active.map(now -> now.sps().temporalLayers() == 1).orElse(false);
  }

  @Override
  public Kind finish(AssemblyBuffer picture) {
    nals.requireWhole();
    Optional<HevcParameterSets.Active> used = sets.activate(ppsId);
    if (used.isEmpty()) {
      return Kind.UNDECODABLE;
    }
    active = used;
    if (!isRandomAccess(sliceType)) {
      return Kind.DEPENDENT;
    }
    return sliceType == IDR_W_RADL || sliceType == IDR_N_LP
        ? Kind.CLOSED_KEYFRAME
        : Kind.OPEN_KEYFRAME;
  }

  @Override
  public Optional<Coding> coding() {
    return active.map(now -> new Coding(now.format(), now.sps().reorderPictures(), 0));
  }

  @Override
  public void reset() {
    nals.reset();
    hasSlice = false;
    hasBegunSlice = false;
    isReferenced = false;
  }
}
