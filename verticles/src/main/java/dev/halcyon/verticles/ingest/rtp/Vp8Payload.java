package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.Vp8Header;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * VP8 in RTP (RFC 7741).
 *
 * <pre>
 *   0 X:1 R:1 N:1 S:1 R:1 PID:3 | X: I:1 L:1 T:1 K:1 R:4 | I: M:1 picture id:7 or 15 | L: 8 | T or K: 8
 * </pre>
 */
final class Vp8Payload implements PicturePayload {
  private static final int START = 0x10;
  private static final int NOT_REFERENCED = 0x20;
  private static final int PARTITION = 0x07;

  private Optional<Coding> coding = Optional.empty();
  private boolean hasPicture;
  private boolean isDisposable;

  @Override
  public boolean isStart(ByteBuffer payload) {
    return isFirst(payload.get(payload.position()));
  }

  private static boolean isFirst(int descriptor) {
    return (descriptor & (START | PARTITION)) == START;
  }

  @Override
  public void append(ByteBuffer payload, AssemblyBuffer picture) {
    int first = payload.get();
    if ((first & 0x80) != 0) {
      skipExtension(payload);
    }
    if (isFirst(first) == hasPicture) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          hasPicture ? "VP8 frame begins twice" : "VP8 frame without head");
    }
    hasPicture = true;
    isDisposable = (first & NOT_REFERENCED) != 0;
    picture.append(payload, payload.remaining());
  }

  private static void skipExtension(ByteBuffer payload) {
    int flags = next(payload);
    if ((flags & 0x80) != 0 && (next(payload) & 0x80) != 0) {
      next(payload);
    }
    if ((flags & 0x40) != 0) {
      next(payload);
    }
    if ((flags & 0x30) != 0) {
      next(payload);
    }
  }

  private static int next(ByteBuffer payload) {
    if (!payload.hasRemaining()) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP8 descriptor cut off");
    }
    return payload.get();
  }

  @Override
  public boolean hasPicture() {
    return hasPicture;
  }

  @Override
  public boolean isDisposable() {
    return isDisposable;
  }

  @Override
  public Kind finish(AssemblyBuffer picture) {
    ByteBuffer frame = picture.from(0);
    if (!frame.hasRemaining()) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "VP8 frame without data");
    }
    if (Vp8Header.isKeyframe(frame)) {
      coding = Optional.of(new Coding(Vp8Header.format(frame), 0, 0));
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
    isDisposable = false;
  }
}
