package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Puts messages together from chunks (RTMP 1.0, 5.3.1). One thread; {@link #close} frees its native
 * memory.
 *
 * <pre>
 *   basic header 1..3 | message header 11, 7, 3 or 0 | extended timestamp 0 or 4 | up to chunkSize
 *
 *   basic header     fmt:2 id:6            id 0: one more byte, id = 64 + byte
 *                                          id 1: two more, id = 64 + first + 256 · second
 *   message header   timestamp:24  length:24  type:8  message stream:32 little-endian
 *                    `------------- fmt 2 ---'                       |
 *                    `------------------- fmt 1 ----'                |
 *                    `------------------------------------- fmt 0 ---'   fmt 3: nothing
 * </pre>
 *
 * A type 3 chunk repeats the extended timestamp after the specification and does not after some
 * encoders. The first such chunk tells which kind this peer is, by whether the four bytes in
 * question are the timestamp.
 */
final class ChunkReader implements AutoCloseable {
  static final int DEFAULT_CHUNK_BYTES = 128;

  private static final int EXTENDED = 0xFF_FFFF;
  private static final int[] MESSAGE_HEADER_BYTES = {11, 7, 3, 0};
  private static final int MAX_HEADER_BYTES = 3 + 11 + 4;

  private enum Repetition {
    UNKNOWN,
    REPEATED,
    OMITTED
  }

  private final int maxChunkStreams;
  private final BufferAccount account;
  private final byte[] header = new byte[MAX_HEADER_BYTES];
  private final ByteBuffer mistaken = ByteBuffer.allocate(Integer.BYTES).limit(0);

  private ChunkStream[] streams = new ChunkStream[4];
  private int streamCount;
  private int headerBytes;
  private int chunkSizeBytes = DEFAULT_CHUNK_BYTES;
  private int maxMessageBytes;
  private Repetition repetition = Repetition.UNKNOWN;

  /** The chunk whose payload is being read; null while a header is. */
  private ChunkStream current;

  private int chunkRemainingBytes;
  private ChunkStream completed;

  ChunkReader(int maxMessageBytes, int maxChunkStreams, BufferAccount account) {
    this.maxMessageBytes = maxMessageBytes;
    this.maxChunkStreams = maxChunkStreams;
    this.account = account;
  }

  /**
   * Takes bytes until a message is whole, which then stands in the accessors until the next call.
   *
   * @return false when the input was used up first
   * @throws HalcyonException PROTOCOL_VIOLATION; the reader is of no further use
   */
  boolean read(ByteBuffer input) {
    if (completed != null) {
      completed.dropPartialMessage();
      completed = null;
    }
    while (next(input).hasRemaining()) {
      if (current == null && !readHeader(next(input))) {
        continue;
      }
      if (readPayload(next(input))) {
        return true;
      }
    }
    return false;
  }

  int type() {
    return completed.type;
  }

  int messageStreamId() {
    return completed.messageStreamId;
  }

  /** Milliseconds, 32 bits that wrap. */
  int timestamp() {
    return completed.timestamp;
  }

  ByteBuffer payload() {
    return completed.body.content();
  }

  void setChunkSize(int bytes) {
    chunkSizeBytes = bytes;
  }

  void setMaxMessageBytes(int bytes) {
    maxMessageBytes = bytes;
  }

  /** Drops what has arrived of a message that its sender gave up. */
  void abort(int chunkStreamId) {
    ChunkStream stream = find(chunkStreamId);
    if (stream != null && stream != completed) {
      stream.dropPartialMessage();
    }
  }

  @Override
  public void close() {
    for (int i = 0; i < streamCount; i++) {
      streams[i].close();
    }
    streamCount = 0;
    current = null;
    completed = null;
  }

  private ByteBuffer next(ByteBuffer input) {
    return mistaken.hasRemaining() ? mistaken : input;
  }

  /** True when a message is whole. */
  private boolean readPayload(ByteBuffer input) {
    int taken = Math.min(chunkRemainingBytes, input.remaining());
    current.body.append(input, taken);
    current.receivedBytes += taken;
    chunkRemainingBytes -= taken;
    if (chunkRemainingBytes > 0) {
      return false;
    }
    if (current.receivedBytes == current.lengthBytes) {
      completed = current;
    }
    current = null;
    return completed != null;
  }

  /** False when the input ends within the header, which is then kept. */
  private boolean readHeader(ByteBuffer input) {
    for (int needed = headerLength(); headerBytes < needed; needed = headerLength()) {
      if (!input.hasRemaining()) {
        return false;
      }
      header[headerBytes++] = input.get();
    }
    int format = (header[0] & 0xff) >> 6;
    current = format == 3 ? known(chunkStreamId()) : updated(format);
    if (format == 3) {
      continueStream(current);
    }
    chunkRemainingBytes = Math.min(chunkSizeBytes, current.lengthBytes - current.receivedBytes);
    headerBytes = 0;
    return true;
  }

  /** How long the header is as far as its first {@link #headerBytes} bytes tell. */
  private int headerLength() {
    if (headerBytes == 0) {
      return 1;
    }
    int format = (header[0] & 0xff) >> 6;
    int length = basicHeaderLength() + MESSAGE_HEADER_BYTES[format];
    if (headerBytes < length) {
      return length;
    }
    boolean isExtended =
        format < 3
            ? u24(basicHeaderLength()) == EXTENDED
            : known(chunkStreamId()).isExtended && repetition != Repetition.OMITTED;
    return isExtended ? length + Integer.BYTES : length;
  }

  private int basicHeaderLength() {
    return switch (header[0] & 0x3f) {
      case 0 -> 2;
      case 1 -> 3;
      default -> 1;
    };
  }

  private int chunkStreamId() {
    return switch (header[0] & 0x3f) {
      case 0 -> 64 + (header[1] & 0xff);
      case 1 -> 64 + (header[1] & 0xff) + ((header[2] & 0xff) << 8);
      default -> header[0] & 0x3f;
    };
  }

  /** Applies a header of type 0, 1 or 2, which begins a message. */
  private ChunkStream updated(int format) {
    ChunkStream stream = find(chunkStreamId());
    if (stream == null) {
      if (format == 2) {
        throw violation("chunk stream begins without a message length");
      }
      stream = add(chunkStreamId());
    }
    if (stream.receivedBytes > 0) {
      throw violation("a message begins within another of its chunk stream");
    }
    int at = basicHeaderLength();
    int field = u24(at);
    stream.isExtended = field == EXTENDED;
    stream.timestampField = stream.isExtended ? int32(at + MESSAGE_HEADER_BYTES[format]) : field;
    stream.timestamp =
        format == 0 ? stream.timestampField : stream.timestamp + stream.timestampField;
    if (format <= 1) {
      stream.lengthBytes = u24(at + 3);
      stream.type = header[at + 6] & 0xff;
    }
    if (format == 0) {
      stream.messageStreamId = Integer.reverseBytes(int32(at + 7));
    }
    requireAllowedLength(stream);
    return stream;
  }

  private void continueStream(ChunkStream stream) {
    if (stream.isExtended && repetition == Repetition.UNKNOWN) {
      learnRepetition(stream);
    }
    if (stream.receivedBytes == 0) {
      // After a type 0 chunk the field is the absolute time and still counts as the delta: so says
      // the specification (5.3.1.2.4), and FFmpeg sends it so.
      stream.timestamp += stream.timestampField;
      requireAllowedLength(stream);
    }
  }

  /** Decides from the four bytes after a type 3 header what they are; payload is put back. */
  private void learnRepetition(ChunkStream stream) {
    int value = int32(basicHeaderLength());
    if (value == stream.timestampField || value == stream.timestamp) {
      repetition = Repetition.REPEATED;
    } else {
      repetition = Repetition.OMITTED;
      mistaken.clear().putInt(value).flip();
    }
  }

  private void requireAllowedLength(ChunkStream stream) {
    if (stream.lengthBytes > maxMessageBytes) {
      throw violation(
          "message too long [lengthBytes="
              + stream.lengthBytes
              + ", maxMessageBytes="
              + maxMessageBytes
              + "]");
    }
  }

  private ChunkStream known(int id) {
    ChunkStream stream = find(id);
    if (stream == null) {
      throw violation("chunk stream begins with a continuation");
    }
    return stream;
  }

  private ChunkStream find(int id) {
    for (int i = 0; i < streamCount; i++) {
      if (streams[i].id == id) {
        return streams[i];
      }
    }
    return null;
  }

  private ChunkStream add(int id) {
    if (streamCount == maxChunkStreams) {
      throw violation("too many chunk streams [maxChunkStreams=" + maxChunkStreams + "]");
    }
    if (streamCount == streams.length) {
      streams = Arrays.copyOf(streams, 2 * streamCount);
    }
    ChunkStream stream = new ChunkStream(id, account);
    streams[streamCount++] = stream;
    return stream;
  }

  private int u24(int at) {
    return (header[at] & 0xff) << 16 | (header[at + 1] & 0xff) << 8 | (header[at + 2] & 0xff);
  }

  private int int32(int at) {
    return u24(at) << 8 | (header[at + 3] & 0xff);
  }

  private static HalcyonException violation(String what) {
    return new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, what);
  }
}
