package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.Vp9Header;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * VP9 in RTP (RFC 9628). Of a scalable source the lowest spatial layer is kept: it alone can be
 * decoded without the others.
 *
 * <pre>
 *   0 I:1 P:1 L:1 F:1 B:1 E:1 V:1 Z:1
 *   I: M:1 picture id:7 or 15 | L: TID:3 U:1 SID:3 D:1, not F: TL0PICIDX:8
 *   F and P: up to 3 × (difference:7 N:1) | V: scalability structure
 * </pre>
 */
final class Vp9Payload implements PicturePayload {
  private static final int HAS_PICTURE_ID = 0x80;
  private static final int IS_PREDICTED = 0x40;
  private static final int HAS_LAYERS = 0x20;
  private static final int IS_FLEXIBLE = 0x10;
  private static final int BEGINS = 0x08;
  private static final int HAS_STRUCTURE = 0x02;
  private static final int MAX_DIFFERENCES = 3;

  private Optional<Coding> coding = Optional.empty();
  private boolean hasPicture;

  @Override
  public boolean isStart(ByteBuffer payload) {
    int at = payload.position();
    int flags = payload.get(at);
    if ((flags & BEGINS) == 0) {
      return false;
    }
    if ((flags & HAS_LAYERS) == 0) {
      return true;
    }
    int layers = at + 1;
    if ((flags & HAS_PICTURE_ID) != 0) {
      boolean isLong = layers < payload.limit() && (payload.get(layers) & 0x80) != 0;
      layers += isLong ? 2 : 1;
    }
    return layers < payload.limit() && spatialLayer(payload.get(layers)) == 0;
  }

  @Override
  public void append(ByteBuffer payload, AssemblyBuffer picture) {
    int flags = next(payload);
    if ((flags & HAS_PICTURE_ID) != 0 && (next(payload) & 0x80) != 0) {
      next(payload);
    }
    int spatialLayer = 0;
    if ((flags & HAS_LAYERS) != 0) {
      spatialLayer = spatialLayer(next(payload));
      if ((flags & IS_FLEXIBLE) == 0) {
        next(payload); // TL0PICIDX
      }
    }
    if ((flags & IS_FLEXIBLE) != 0 && (flags & IS_PREDICTED) != 0) {
      skipDifferences(payload);
    }
    if ((flags & HAS_STRUCTURE) != 0) {
      skipStructure(payload);
    }
    if (spatialLayer > 0) {
      return;
    }
    boolean begins = (flags & BEGINS) != 0;
    if (begins == hasPicture) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          hasPicture ? "VP9 frame begins twice" : "VP9 frame without head");
    }
    hasPicture = true;
    picture.append(payload, payload.remaining());
  }

  private static int spatialLayer(int layers) {
    return layers >> 1 & 7;
  }

  private static void skipDifferences(ByteBuffer payload) {
    for (int i = 0; (next(payload) & 1) != 0; i++) {
      if (i == MAX_DIFFERENCES) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP9 frame with too many references");
      }
    }
  }

  /** Sizes of the layers, then the pictures of a group. */
  private static void skipStructure(ByteBuffer payload) {
    int head = next(payload);
    if ((head & 0x10) != 0) {
      skip(payload, 4 * ((head >> 5 & 7) + 1));
    }
    if ((head & 0x08) != 0) {
      for (int pictures = next(payload) & 0xff; pictures > 0; pictures--) {
        skip(payload, next(payload) >> 2 & 3);
      }
    }
  }

  private static int next(ByteBuffer payload) {
    if (!payload.hasRemaining()) {
      throw cutOff();
    }
    return payload.get();
  }

  private static void skip(ByteBuffer payload, int bytes) {
    if (payload.remaining() < bytes) {
      throw cutOff();
    }
    payload.position(payload.position() + bytes);
  }

  private static HalcyonException cutOff() {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP9 descriptor cut off");
  }

  @Override
  public boolean hasPicture() {
    return hasPicture;
  }

  @Override
  public boolean isDisposable() {
    return false;
  }

  @Override
  public Kind finish(AssemblyBuffer picture) {
    Optional<VideoFormat> told = Vp9Header.keyframe(picture.from(0));
    if (told.isPresent()) {
      coding = told.map(format -> new Coding(format, 0, 0));
      return Kind.CLOSED_KEYFRAME;
    }
    return coding.isPresent() ? Kind.DEPENDENT : Kind.UNDECODABLE;
  }

  @Override
  public Optional<Coding> coding() {
    return coding;
  }

  @Override
  public void reset() {
    hasPicture = false;
  }
}
