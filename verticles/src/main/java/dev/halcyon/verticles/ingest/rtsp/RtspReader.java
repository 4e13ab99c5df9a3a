package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts a connection's bytes into requests and interleaved frames (RFC 2326, 4 and 10.12). Memory is
 * taken as bytes arrive, never as they are announced. One thread.
 *
 * <pre>
 *   frame    0 '$' | 1 channel | 2 length:16 | 4 …
 *   request  METHOD uri RTSP/1.0 CRLF, n × (name: value CRLF), CRLF, Content-Length bytes
 * </pre>
 */
final class RtspReader {
  static final int MAX_HEAD_BYTES = 16 << 10;
  static final int MAX_BODY_BYTES = 64 << 10;

  private static final int MAX_LINES = 64;
  private static final int FRAME_HEADER_BYTES = 4;
  private static final byte FRAME = '$';
  private static final int FIRST_ROOM_BYTES = 1_024;
  private static final byte[] NOTHING = {};

  private final Sink sink;
  private State state = State.BETWEEN;
  private byte[] held = NOTHING;
  private int heldBytes;
  private int lineStart;
  private int lines;
  private int wantedBytes;
  private RtspRequest head;

  private enum State {
    BETWEEN,
    FRAME,
    HEAD,
    BODY
  }

  /** Where what was read goes. Calls come within those to {@link #feed}. */
  interface Sink {
    /** Whether nothing more is to be read for now; asked after each request. */
    boolean isWaiting();

    void onRequest(RtspRequest request);

    /**
     * @param frame valid during the call
     */
    void onFrame(int channel, ByteBuffer frame);
  }

  RtspReader(Sink sink) {
    this.sink = sink;
  }

  /**
   * Reads until the input's end, or until the sink waits: then the rest is to be given again.
   *
   * @throws HalcyonException PROTOCOL_VIOLATION; nothing may follow
   */
  void feed(ByteBuffer input) {
    while (input.hasRemaining() && !sink.isWaiting()) {
      switch (state) {
        case BETWEEN -> begin(input);
        case FRAME -> readFrame(input);
        case HEAD -> readHead(input);
        case BODY -> readBody(input);
      }
    }
  }

  private void begin(ByteBuffer input) {
    byte first = input.get(input.position());
    if (first == FRAME) {
      state = State.FRAME;
      wantedBytes = FRAME_HEADER_BYTES;
    } else if (first == '\r' || first == '\n') {
      input.get(); // Some clients send an empty line to keep alive.
    } else {
      state = State.HEAD;
      lineStart = 0;
      lines = 0;
    }
  }

  /** A frame that is whole in the input is not copied. */
  private void readFrame(ByteBuffer input) {
    if (heldBytes == 0 && input.remaining() >= FRAME_HEADER_BYTES) {
      int at = input.position();
      int length = input.getShort(at + 2) & 0xffff;
      if (input.remaining() >= FRAME_HEADER_BYTES + length) {
        input.position(at + FRAME_HEADER_BYTES + length);
        state = State.BETWEEN;
        sink.onFrame(input.get(at + 1) & 0xff, input.slice(at + FRAME_HEADER_BYTES, length));
        return;
      }
    }
    if (!fill(input)) {
      return;
    }
    if (wantedBytes == FRAME_HEADER_BYTES) {
      wantedBytes += (held[2] & 0xff) << 8 | (held[3] & 0xff);
    }
    if (heldBytes == wantedBytes) {
      ByteBuffer frame =
          ByteBuffer.wrap(held, FRAME_HEADER_BYTES, heldBytes - FRAME_HEADER_BYTES).slice();
      int channel = held[1] & 0xff;
      reset();
      sink.onFrame(channel, frame);
    }
  }

  private void readHead(ByteBuffer input) {
    while (input.hasRemaining()) {
      byte next = input.get();
      require(heldBytes < MAX_HEAD_BYTES, "request head too long");
      hold(next);
      if (next == '\n') {
        require(++lines <= MAX_LINES, "too many header lines");
        boolean isEmpty = heldBytes - lineStart <= (held[lineStart] == '\r' ? 2 : 1);
        lineStart = heldBytes;
        if (isEmpty) {
          endHead();
          return;
        }
      }
    }
  }

  private void endHead() {
    head = parse(new String(held, 0, heldBytes, StandardCharsets.UTF_8));
    String length = head.header("content-length").orElse("0");
    require(length.matches("[0-9]{1,9}"), "malformed Content-Length");
    wantedBytes = Integer.parseInt(length);
    require(wantedBytes <= MAX_BODY_BYTES, "request body too long");
    heldBytes = 0;
    state = State.BODY;
    if (wantedBytes == 0) {
      endBody();
    }
  }

  private void readBody(ByteBuffer input) {
    if (fill(input)) {
      endBody();
    }
  }

  private void endBody() {
    RtspRequest read = head;
    Bytes body = Bytes.copyOf(ByteBuffer.wrap(held, 0, heldBytes));
    reset();
    // A peer's answer to a request that we never sent.
    if (!read.method().startsWith("RTSP/")) {
      sink.onRequest(new RtspRequest(read.method(), read.uri(), read.headers(), body));
    }
  }

  private void reset() {
    state = State.BETWEEN;
    head = null;
    heldBytes = 0;
    held = NOTHING;
  }

  private static RtspRequest parse(String text) {
    String[] all = text.strip().split("\r?\n", -1);
    String[] first = all[0].split(" ", 3);
    boolean isAnswer = first[0].startsWith("RTSP/");
    require(first.length == 3 && (isAnswer || first[2].startsWith("RTSP/")), "not an RTSP request");
    require(isAnswer || first[0].matches("[A-Z_]{1,32}"), "not an RTSP method");
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < all.length; i++) {
      int colon = all[i].indexOf(':');
      require(colon > 0, "malformed header line");
      headers.putIfAbsent(
          all[i].substring(0, colon).strip().toLowerCase(Locale.ROOT),
          all[i].substring(colon + 1).strip());
    }
    return new RtspRequest(first[0], first[1], headers, Bytes.EMPTY);
  }

  /** Takes what is wanted and there; whether all of it is. */
  private boolean fill(ByteBuffer input) {
    int now = Math.min(wantedBytes - heldBytes, input.remaining());
    ensureRoom(now);
    input.get(held, heldBytes, now);
    heldBytes += now;
    return heldBytes == wantedBytes;
  }

  private void hold(byte value) {
    ensureRoom(1);
    held[heldBytes++] = value;
  }

  private void ensureRoom(int bytes) {
    if (held.length - heldBytes < bytes) {
      held =
          Arrays.copyOf(
              held, Math.max(heldBytes + bytes, Math.max(FIRST_ROOM_BYTES, 2 * held.length)));
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, otherwise);
    }
  }
}
