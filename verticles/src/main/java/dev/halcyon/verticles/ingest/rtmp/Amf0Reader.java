package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads AMF0 values (Adobe, "Action Message Format: AMF 0", 2007) from a message. Depth and number
 * of values are bounded; the message's length bounds the rest. One thread.
 */
final class Amf0Reader {
  static final int NUMBER = 0x00;
  static final int BOOLEAN = 0x01;
  static final int STRING = 0x02;
  static final int OBJECT = 0x03;
  static final int NULL = 0x05;
  static final int UNDEFINED = 0x06;
  static final int ECMA_ARRAY = 0x08;
  static final int OBJECT_END = 0x09;
  static final int STRICT_ARRAY = 0x0A;
  static final int DATE = 0x0B;
  static final int LONG_STRING = 0x0C;
  static final int UNSUPPORTED = 0x0D;
  static final int XML_DOCUMENT = 0x0F;
  static final int TYPED_OBJECT = 0x10;
  static final int AMF3 = 0x11;

  static final int MAX_DEPTH = 16;
  static final int MAX_VALUES = 4_096;

  private final ByteBuffer input;
  private int values;

  /**
   * @param input read from its position on; must stay untouched while this reads
   */
  Amf0Reader(ByteBuffer input) {
    this.input = input;
  }

  boolean hasNext() {
    return input.hasRemaining();
  }

  /** The next value, or {@link AmfValue.Nothing#UNDEFINED} behind the last. */
  AmfValue nextOrUndefined() {
    return hasNext() ? next() : AmfValue.Nothing.UNDEFINED;
  }

  /**
   * @throws HalcyonException PROTOCOL_VIOLATION for what is no AMF0 value
   */
  AmfValue next() {
    return value(0);
  }

  private AmfValue value(int depth) {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw violation("AMF0 value too deep or too large");
    }
    int marker = u8();
    return switch (marker) {
      case NUMBER -> new AmfValue.Numeric(number());
      case BOOLEAN -> new AmfValue.Flag(u8() != 0);
      case STRING -> new AmfValue.Text(text(u16()));
      case LONG_STRING, XML_DOCUMENT -> new AmfValue.Text(text(int32()));
      case OBJECT -> members(depth);
      case TYPED_OBJECT -> {
        text(u16());
        yield members(depth);
      }
      case ECMA_ARRAY -> {
        int32(); // A hint that encoders get wrong; the end marker counts.
        yield members(depth);
      }
      case STRICT_ARRAY -> elements(depth);
      case DATE -> {
        double epochMs = number();
        u16(); // The time zone is reserved and zero.
        yield new AmfValue.Date(epochMs);
      }
      case AMF3 -> new Amf3Reader(input).read();
      case NULL -> AmfValue.Nothing.NULL;
      case UNDEFINED, UNSUPPORTED -> AmfValue.Nothing.UNDEFINED;
      default -> throw violation("unknown AMF0 marker [marker=" + marker + "]");
    };
  }

  private AmfValue members(int depth) {
    Map<String, AmfValue> members = new LinkedHashMap<>();
    while (true) {
      String name = text(u16());
      if (name.isEmpty() && peek() == OBJECT_END) {
        u8();
        return new AmfValue.Members(members);
      }
      members.put(name, value(depth + 1));
    }
  }

  private AmfValue elements(int depth) {
    int count = int32();
    if (count < 0 || count > input.remaining()) {
      throw violation("AMF0 array longer than its message [count=" + count + "]");
    }
    List<AmfValue> elements = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      elements.add(value(depth + 1));
    }
    return new AmfValue.Elements(elements);
  }

  private String text(int length) {
    if (length < 0) {
      throw violation("AMF0 string too long");
    }
    require(length);
    byte[] bytes = new byte[length];
    input.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private double number() {
    require(Double.BYTES);
    return Double.longBitsToDouble(
        ((long) int32() << Integer.SIZE) | Integer.toUnsignedLong(int32()));
  }

  private int peek() {
    require(1);
    return input.get(input.position()) & 0xff;
  }

  private int u8() {
    require(1);
    return input.get() & 0xff;
  }

  private int u16() {
    return u8() << 8 | u8();
  }

  private int int32() {
    return u16() << 16 | u16();
  }

  private void require(int bytes) {
    if (input.remaining() < bytes) {
      throw violation("AMF0 value ends early");
    }
  }

  private static HalcyonException violation(String what) {
    return new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, what);
  }
}
