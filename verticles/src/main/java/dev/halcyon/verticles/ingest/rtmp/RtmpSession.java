package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One publisher's side of an RTMP 1.0 connection as a machine from bytes to packets, without
 * network or clock. One thread at a time; {@link #close} ends its publication and frees its native
 * memory.
 */
final class RtmpSession implements AutoCloseable {
  private static final int DEFAULT_WINDOW_BYTES = 2_500_000;
  private static final int MIN_WINDOW_BYTES = 4_096;
  private static final int PING_REQUEST = 6;
  private static final int AGGREGATE_TAG_BYTES = 11;
  private static final int BACK_POINTER_BYTES = 4;

  private final RtmpPeer peer;
  private final RtmpLimits limits;
  private final Handshake handshake;
  private final ChunkReader chunks;
  private final PublishFlow flow;
  private long receivedBytes;
  private long acknowledgedBytes;
  private int windowBytes = DEFAULT_WINDOW_BYTES;

  /**
   * @param nodeBufferBytes the native bytes that all sessions hold are summed up here
   */
  RtmpSession(
      String app,
      RtmpLimits limits,
      RtmpPeer peer,
      RandomGenerator random,
      AtomicLong nodeBufferBytes,
      SoundEncoding.Factory encodings) {
    this.peer = peer;
    this.limits = limits;
    BufferAccount account = new BufferAccount(limits.maxBufferBytes(), nodeBufferBytes);
    this.handshake = new Handshake(random);
    this.chunks = new ChunkReader(limits.maxCommandBytes(), limits.maxChunkStreams(), account);
    this.flow = new PublishFlow(app, peer, account, encodings);
  }

  /**
   * Takes bytes from the peer: all of them, unless the session begins to wait for an answer to
   * {@link RtmpPeer#onPublish} or has ended; the rest is to be fed again after the answer.
   *
   * @throws HalcyonException PROTOCOL_VIOLATION, CORRUPT_MEDIA, UNSUPPORTED_MEDIA and others; the
   *     peer has been told as far as its state allows, and the session has ended
   */
  void feed(ByteBuffer input) {
    int before = input.position();
    try {
      while (!handshake.isDone() && input.hasRemaining()) {
        byte[] answer = handshake.feed(input);
        if (answer.length > 0) {
          peer.send(answer);
        }
      }
      if (handshake.isDone()) {
        readMessages(input);
        acknowledge(input.position() - before);
      }
    } catch (HalcyonException failure) {
      flow.fail(failure);
      throw failure;
    }
  }

  /** Whether the session takes no bytes until it is told whether it may publish. */
  boolean isWaiting() {
    return flow.isWaiting();
  }

  boolean isPublishing() {
    return flow.isPublishing();
  }

  /** Lets the publisher go on; the session closes the publication when it ends. */
  void accept(Publication publication) {
    chunks.setMaxMessageBytes(limits.maxMessageBytes());
    flow.accept(publication);
  }

  /** Tells the publisher no; the session has ended. */
  void refuse(HalcyonException reason) {
    flow.fail(reason);
  }

  /** Ends the publication, if there is one, for this reason. Idempotent. */
  void close(String reason) {
    flow.close(reason);
    chunks.close();
  }

  @Override
  public void close() {
    close("connection lost");
  }

  private void readMessages(ByteBuffer input) {
    while (!flow.isWaiting() && !flow.isEnded() && chunks.read(input)) {
      onMessage(chunks.type(), chunks.payload());
    }
  }

  private void onMessage(int type, ByteBuffer body) {
    switch (type) {
      case MessageType.SET_CHUNK_SIZE -> setChunkSize(int32(body));
      case MessageType.ABORT -> chunks.abort(int32(body));
      case MessageType.USER_CONTROL -> onUserControl(body);
      case MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE -> {
        int asked = int32(body);
        windowBytes = asked < 0 ? Integer.MAX_VALUE : Math.max(asked, MIN_WINDOW_BYTES);
      }
      case MessageType.COMMAND -> flow.onCommand(chunks.messageStreamId(), body);
      case MessageType.COMMAND_AMF3 -> {
        skipAmf3Marker(body);
        flow.onCommand(chunks.messageStreamId(), body);
      }
      case MessageType.AUDIO -> flow.onAudio(chunks.timestamp(), body);
      case MessageType.VIDEO -> flow.onVideo(chunks.timestamp(), body);
      case MessageType.AGGREGATE -> onAggregate(chunks.timestamp(), body);
      case MessageType.DATA -> onData(body);
      case MessageType.DATA_AMF3 -> {
        skipAmf3Marker(body);
        onData(body);
      }
      case MessageType.ACKNOWLEDGEMENT,
          MessageType.SET_PEER_BANDWIDTH,
          MessageType.SHARED_OBJECT,
          MessageType.SHARED_OBJECT_AMF3 -> {}
      default -> throw violation("unknown message type [type=" + type + "]");
    }
  }

  private void setChunkSize(int bytes) {
    if (bytes < 1) {
      throw violation("chunk size out of range [bytes=" + bytes + "]");
    }
    chunks.setChunkSize(Math.min(bytes, RtmpLimits.MESSAGE_CEILING_BYTES));
  }

  private void onUserControl(ByteBuffer body) {
    if (body.remaining() < Short.BYTES) {
      throw violation("user control message cut off");
    }
    if (body.getShort() == PING_REQUEST) {
      peer.send(MessageWriter.pingResponse(int32(body)));
    }
  }

  /**
   * Tags as in an FLV file; their times count from that of the first.
   *
   * <pre>
   *   0 type | 1 length:24 | 4 time:24 | 7 time's upper 8 | 8 stream:24 | 11 data | back pointer:32
   * </pre>
   */
  private void onAggregate(int timestamp, ByteBuffer body) {
    int correction = 0;
    boolean isFirst = true;
    while (body.hasRemaining()) {
      if (body.remaining() < AGGREGATE_TAG_BYTES) {
        throw violation("aggregate message cut off");
      }
      int at = body.position();
      int type = body.get(at);
      int length = body.getInt(at) & 0xFF_FFFF;
      int time = (body.getInt(at + 3) & 0xFF_FFFF) | (body.get(at + 7) << 24);
      if (length > body.remaining() - AGGREGATE_TAG_BYTES) {
        throw violation("aggregate message cut off");
      }
      if (isFirst) {
        correction = timestamp - time;
        isFirst = false;
      }
      onAggregated(type, time + correction, body.slice(at + AGGREGATE_TAG_BYTES, length));
      int end = at + AGGREGATE_TAG_BYTES + length;
      body.position(Math.min(end + BACK_POINTER_BYTES, body.limit()));
    }
  }

  private void onAggregated(int type, int timestamp, ByteBuffer tag) {
    switch (type) {
      case MessageType.AUDIO -> flow.onAudio(timestamp, tag);
      case MessageType.VIDEO -> flow.onVideo(timestamp, tag);
      case MessageType.DATA -> onData(tag);
      default -> throw violation("unknown type in an aggregate message [type=" + type + "]");
    }
  }

  /** Encoders write metadata carelessly, and no picture depends on it: what is odd is ignored. */
  private void onData(ByteBuffer body) {
    AmfValue metadata;
    try {
      Amf0Reader values = new Amf0Reader(body);
      String name = values.nextOrUndefined().textOr("");
      if (name.equals("@setDataFrame")) {
        name = values.nextOrUndefined().textOr("");
      }
      metadata = name.equals("onMetaData") ? values.nextOrUndefined() : AmfValue.Nothing.UNDEFINED;
    } catch (HalcyonException malformed) {
      return;
    }
    if (metadata instanceof AmfValue.Members) {
      peer.onMetadata(metadata);
    }
  }

  private void acknowledge(int bytes) {
    receivedBytes += bytes;
    if (receivedBytes - acknowledgedBytes >= windowBytes) {
      acknowledgedBytes = receivedBytes;
      peer.send(MessageWriter.acknowledgement((int) receivedBytes));
    }
  }

  private static void skipAmf3Marker(ByteBuffer body) {
    if (body.hasRemaining()) {
      body.get();
    }
  }

  private static int int32(ByteBuffer body) {
    if (body.remaining() < Integer.BYTES) {
      throw violation("control message cut off");
    }
    return body.getInt();
  }

  private static HalcyonException violation(String what) {
    return new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, what);
  }
}
