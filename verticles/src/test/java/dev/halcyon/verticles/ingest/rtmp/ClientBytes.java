package dev.halcyon.verticles.ingest.rtmp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a client sends, byte by byte. */
final class ClientBytes {
  /** 1920 x 1080, High profile, from x264. */
  static final String SPS = "67640028acd940780227e5c044000003000400000300c83c60c658";

  static final String PPS = "68ebe3cb22c0";
  static final byte[] AVC_CONFIG = avcConfig(SPS, 4);
  static final byte[] AAC_CONFIG = hex("1190");

  private static final int EXTENDED = 0xFF_FFFF;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int chunkSize = ChunkReader.DEFAULT_CHUNK_BYTES;
  private boolean isExtensionRepeated = true;

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] avcConfig(String sps, int lengthBytes) {
    int spsLength = sps.length() / 2;
    return concat(
        new byte[] {1, 0x64, 0, 0x28, (byte) (0xfc | (lengthBytes - 1)), (byte) 0xe1},
        ByteBuffer.allocate(2).putShort((short) spsLength).array(),
        hex(sps),
        new byte[] {1, 0, (byte) (PPS.length() / 2)},
        hex(PPS));
  }

  /** Numbered bytes, so that a misplaced one shows. */
  static byte[] pattern(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + seed + (i >> 8));
    }
    return bytes;
  }

  ClientBytes raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  ClientBytes omitRepeatedExtensions() {
    isExtensionRepeated = false;
    return this;
  }

  /** Chunks of this size from here on, without telling the peer. */
  ClientBytes chunkSize(int bytes) {
    chunkSize = bytes;
    return this;
  }

  ClientBytes announceChunkSize(int bytes) {
    message(2, 0, MessageType.SET_CHUNK_SIZE, 0, int32(bytes));
    return chunkSize(bytes);
  }

  /** A message whose first chunk is of type 0. */
  ClientBytes message(int chunkStream, int timestamp, int type, int messageStream, byte[] body) {
    int field = field(timestamp);
    basicHeader(0, chunkStream);
    u24(field);
    u24(body.length);
    out.write(type);
    raw(int32(Integer.reverseBytes(messageStream)));
    return body(chunkStream, field, timestamp, body);
  }

  ClientBytes messageType1(int chunkStream, int delta, int type, byte[] body) {
    int field = field(delta);
    basicHeader(1, chunkStream);
    u24(field);
    u24(body.length);
    out.write(type);
    return body(chunkStream, field, delta, body);
  }

  ClientBytes messageType2(int chunkStream, int delta, byte[] body) {
    int field = field(delta);
    basicHeader(2, chunkStream);
    u24(field);
    return body(chunkStream, field, delta, body);
  }

  ClientBytes messageType3(int chunkStream, byte[] body) {
    basicHeader(3, chunkStream);
    return body(chunkStream, 0, 0, body);
  }

  ClientBytes basicHeader(int format, int chunkStream) {
    if (chunkStream < 64) {
      out.write(format << 6 | chunkStream);
    } else if (chunkStream < 320) {
      out.write(format << 6);
      out.write(chunkStream - 64);
    } else {
      out.write(format << 6 | 1);
      out.write(chunkStream - 64);
      out.write((chunkStream - 64) >> 8);
    }
    return this;
  }

  ClientBytes u24(int value) {
    out.write(value >> 16);
    out.write(value >> 8);
    out.write(value);
    return this;
  }

  ClientBytes handshake() {
    out.write(3);
    return raw(new byte[2 * Handshake.PART_BYTES]);
  }

  ClientBytes command(int messageStream, AmfValue... values) {
    Amf0Writer body = new Amf0Writer();
    for (AmfValue value : values) {
      body.write(value);
    }
    return message(3, 0, MessageType.COMMAND, messageStream, body.toBytes());
  }

  ClientBytes connect(String app) {
    Map<String, AmfValue> object = new LinkedHashMap<>();
    object.put("app", AmfValue.of(app));
    object.put("flashVer", AmfValue.of("FMLE/3.0"));
    object.put("tcUrl", AmfValue.of("rtmp://127.0.0.1/" + app));
    return command(0, AmfValue.of("connect"), AmfValue.of(1), new AmfValue.Members(object));
  }

  ClientBytes publish(String key) {
    AmfValue none = AmfValue.Nothing.NULL;
    command(0, AmfValue.of("releaseStream"), AmfValue.of(2), none, AmfValue.of(key));
    command(0, AmfValue.of("FCPublish"), AmfValue.of(3), none, AmfValue.of(key));
    command(0, AmfValue.of("createStream"), AmfValue.of(4), none);
    AmfValue name = AmfValue.of(key);
    return command(1, AmfValue.of("publish"), AmfValue.of(5), none, name, AmfValue.of("live"));
  }

  /** From the first byte to publishing, chunks of 4,096 from then on. */
  ClientBytes untilPublishing(String key) {
    return handshake().connect("live").publish(key).announceChunkSize(4_096);
  }

  ClientBytes video(int timestamp, byte[] tag) {
    return message(6, timestamp, MessageType.VIDEO, 1, tag);
  }

  ClientBytes audio(int timestamp, byte[] tag) {
    return message(4, timestamp, MessageType.AUDIO, 1, tag);
  }

  ClientBytes configurations() {
    return video(0, videoTag(1, 0, 0, AVC_CONFIG)).audio(0, audioTag(0, AAC_CONFIG));
  }

  static byte[] videoTag(int frameType, int packetType, int compositionMs, byte[] data) {
    int word = packetType << 24 | (compositionMs & 0xFF_FFFF);
    return concat(new byte[] {(byte) (frameType << 4 | 7)}, int32(word), data);
  }

  static byte[] audioTag(int packetType, byte[] data) {
    return concat(new byte[] {(byte) 0xaf, (byte) packetType}, data);
  }

  /** NAL units with lengths of four bytes. */
  static byte[] nalUnits(byte[]... units) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] unit : units) {
      all.writeBytes(int32(unit.length));
      all.writeBytes(unit);
    }
    return all.toByteArray();
  }

  static byte[] int32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(toArray());
  }

  private ClientBytes body(int chunkStream, int field, int extension, byte[] body) {
    if (field == EXTENDED) {
      raw(int32(extension));
    }
    for (int at = 0; at < body.length; at += chunkSize) {
      if (at > 0) {
        basicHeader(3, chunkStream);
        if (field == EXTENDED && isExtensionRepeated) {
          raw(int32(extension));
        }
      }
      out.write(body, at, Math.min(chunkSize, body.length - at));
    }
    return this;
  }

  private static int field(int timestamp) {
    return Integer.compareUnsigned(timestamp, EXTENDED) >= 0 ? EXTENDED : timestamp;
  }
}
