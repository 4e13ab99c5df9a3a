package dev.halcyon.verticles.ingest.rtmp;

import java.nio.ByteBuffer;

/**
 * Makes the messages that a server sends, each as one chunk of type 0: none is longer than {@value
 * #CHUNK_BYTES}, the chunk size announced first.
 */
final class MessageWriter {
  static final int CHUNK_BYTES = 4_096;

  private static final int HEADER_BYTES = 12;
  private static final int CONTROL_CHUNK_STREAM = 2;
  private static final int COMMAND_CHUNK_STREAM = 3;
  private static final int DYNAMIC_LIMIT = 2;
  private static final int STREAM_BEGIN = 0;
  private static final int PING_RESPONSE = 7;

  private MessageWriter() {}

  static byte[] setChunkSize() {
    return control(MessageType.SET_CHUNK_SIZE, ints(CHUNK_BYTES));
  }

  static byte[] acknowledgement(int sequenceNumber) {
    return control(MessageType.ACKNOWLEDGEMENT, ints(sequenceNumber));
  }

  static byte[] windowAcknowledgementSize(int bytes) {
    return control(MessageType.WINDOW_ACKNOWLEDGEMENT_SIZE, ints(bytes));
  }

  static byte[] setPeerBandwidth(int bytes) {
    byte[] body = ByteBuffer.allocate(5).putInt(bytes).put((byte) DYNAMIC_LIMIT).array();
    return control(MessageType.SET_PEER_BANDWIDTH, body);
  }

  static byte[] streamBegin(int messageStreamId) {
    return userControl(STREAM_BEGIN, messageStreamId);
  }

  static byte[] pingResponse(int stamp) {
    return userControl(PING_RESPONSE, stamp);
  }

  static byte[] command(int messageStreamId, AmfValue... values) {
    Amf0Writer body = new Amf0Writer();
    for (AmfValue value : values) {
      body.write(value);
    }
    return message(COMMAND_CHUNK_STREAM, MessageType.COMMAND, messageStreamId, body.toBytes());
  }

  private static byte[] userControl(int event, int value) {
    byte[] body = ByteBuffer.allocate(6).putShort((short) event).putInt(value).array();
    return control(MessageType.USER_CONTROL, body);
  }

  private static byte[] control(int type, byte[] body) {
    return message(CONTROL_CHUNK_STREAM, type, 0, body);
  }

  private static byte[] ints(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] message(int chunkStreamId, int type, int messageStreamId, byte[] body) {
    if (body.length > CHUNK_BYTES) {
      throw new IllegalStateException("message too long [length=" + body.length + "]");
    }
    return ByteBuffer.allocate(HEADER_BYTES + body.length)
        .put((byte) chunkStreamId)
        .putInt(0) // Timestamp, and the length's upper 8 of 24 bits.
        .putShort((short) body.length)
        .put((byte) type)
        .putInt(Integer.reverseBytes(messageStreamId))
        .put(body)
        .array();
  }
}
