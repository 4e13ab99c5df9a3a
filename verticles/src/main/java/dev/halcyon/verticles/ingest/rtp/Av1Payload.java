package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.Av1Sequence;
import dev.halcyon.verticles.ingest.media.BitReader;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * AV1 in RTP (AOMedia, "RTP Payload Format For AV1", 4.4). A picture is a temporal unit; its OBUs
 * are written with their sizes, as files want them, and without delimiters and padding.
 *
 * <pre>
 *   0 Z:1 Y:1 W:2 N:1 -:3 | elements, each behind its length (LEB128) but the last when W counts them
 *   Z: the first goes on with one of the packet before; Y: the last goes on in the next packet
 *   OBU  0 F:1 type:4 X:1 S:1 -:1 | X: 8 | S: size (LEB128) | …
 * </pre>
 */
final class Av1Payload implements PicturePayload {
  private static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int FRAME_HEADER = 3;
  private static final int FRAME = 6;
  private static final int TILE_LIST = 8;
  private static final int PADDING = 15;
  private static final int MAX_SEQUENCE_BYTES = 1_024;
  private static final int MAX_LENGTH_BYTES = 8;

  private final AssemblyBuffer element;
  private Optional<Coding> coding = Optional.empty();
  private Bytes lastSequence = Bytes.EMPTY;
  private boolean isElementOpen;
  private boolean hasSequence;
  private boolean hasPicture;
  private boolean isKeyframe;

  Av1Payload(BufferAccount account) {
    this.element = new AssemblyBuffer(account);
  }

  /** A new coded video sequence is the only beginning that says so. */
  @Override
  public boolean isStart(ByteBuffer payload) {
    int aggregation = payload.get(payload.position());
    return (aggregation & 0x88) == 0x08;
  }

  @Override
  public void append(ByteBuffer payload, AssemblyBuffer picture) {
    int aggregation = payload.get();
    boolean isContinued = (aggregation & 0x80) != 0;
    boolean isOngoing = (aggregation & 0x40) != 0;
    int stated = aggregation >> 4 & 3;
    if (isContinued != isElementOpen) {
      throw corrupt(isContinued ? "OBU without its beginning" : "OBU without its end");
    }
    for (int i = 1; payload.hasRemaining(); i++) {
      boolean isUnsized = i == stated;
      int length = isUnsized ? payload.remaining() : leb128(payload);
      if (length > payload.remaining() || (stated > 0 && i > stated)) {
        throw corrupt("OBU element too long");
      }
      element.append(payload, length);
      isElementOpen = isOngoing && !payload.hasRemaining();
      if (!isElementOpen) {
        end(picture);
      }
    }
  }

  private void end(AssemblyBuffer picture) {
    ByteBuffer obu = element.from(0);
    if (obu.hasRemaining()) {
      write(obu, picture);
    }
    element.clear();
  }

  private void write(ByteBuffer obu, AssemblyBuffer picture) {
    int header = obu.get() & 0xff;
    int type = header >> 3 & 0xf;
    boolean hasExtension = (header & 4) != 0;
    if (hasExtension && !obu.hasRemaining()) {
      throw corrupt("OBU cut off");
    }
    int extension = hasExtension ? obu.get() : 0;
    if ((header & 2) != 0) {
      int size = leb128(obu);
      if (size > obu.remaining()) {
        throw corrupt("OBU longer than its element");
      }
      obu.limit(obu.position() + size);
    }
    if (type == TEMPORAL_DELIMITER || type == TILE_LIST || type == PADDING) {
      return;
    }
    int offset = picture.length();
    picture.appendByte(header | 2);
    if (hasExtension) {
      picture.appendByte(extension);
    }
    appendLeb128(obu.remaining(), picture);
    ByteBuffer content = obu.slice();
    picture.append(obu, obu.remaining());
    inspect(type, content, offset, picture);
  }

  private void inspect(int type, ByteBuffer content, int offset, AssemblyBuffer picture) {
    switch (type) {
      case SEQUENCE_HEADER -> {
        hasSequence = true;
        learn(content, picture.from(offset));
      }
      case FRAME_HEADER, FRAME -> {
        if (!hasPicture) {
          hasPicture = true;
          isKeyframe = hasSequence && isShownKeyframe(content);
        }
      }
      default -> {}
    }
  }

  private void learn(ByteBuffer content, ByteBuffer sized) {
    if (content.remaining() > MAX_SEQUENCE_BYTES) {
      throw corrupt("sequence header too long");
    }
    Bytes sequence = Bytes.copyOf(content);
    if (!sequence.equals(lastSequence)) {
      VideoFormat format = Av1Sequence.parse(sequence.toArray(), NalAssembly.bytes(sized));
      coding = Optional.of(new Coding(format, 0, 0));
      lastSequence = sequence;
    }
  }

  /** 5.9.2; a reduced still picture header has none of these bits, and is not live video. */
  private static boolean isShownKeyframe(ByteBuffer content) {
    byte[] head = new byte[Math.min(1, content.remaining())];
    content.get(content.position(), head);
    BitReader in = new BitReader(head);
    boolean isRepeat = in.flag(); // show_existing_frame
    boolean isKey = in.bits(2) == 0; // frame_type
    return !isRepeat && isKey && in.flag(); // show_frame
  }

  /** 4.10.5, for lengths within a packet. */
  private static int leb128(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
      if (!in.hasRemaining()) {
        throw corrupt("length cut off");
      }
      int next = in.get();
      value |= (next & 0x7fL) << (7 * i);
      if ((next & 0x80) == 0 && value <= Integer.MAX_VALUE) {
        return (int) value;
      }
    }
    throw corrupt("length out of range");
  }

  private static void appendLeb128(int value, AssemblyBuffer picture) {
    int rest = value;
    while (rest >= 0x80) {
      picture.appendByte(0x80 | rest);
      rest >>>= 7;
    }
    picture.appendByte(rest);
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
    if (isElementOpen) {
      throw corrupt("OBU without its end");
    }
    if (coding.isEmpty()) {
      return Kind.UNDECODABLE;
    }
    return isKeyframe ? Kind.CLOSED_KEYFRAME : Kind.DEPENDENT;
  }

  @Override
  public Optional<Coding> coding() {
    return coding;
  }

  @Override
  public void reset() {
    element.clear();
    isElementOpen = false;
    hasSequence = false;
    hasPicture = false;
    isKeyframe = false;
  }

  @Override
  public void close() {
    element.close();
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AV1: " + what);
  }
}
