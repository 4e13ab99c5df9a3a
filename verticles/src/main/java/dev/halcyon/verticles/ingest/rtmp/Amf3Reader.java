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
 * Reads one AMF3 value (Adobe, "Action Message Format: AMF 3", 2013), as it may stand within AMF0.
 * Depth and number of values are bounded; the message's length bounds the rest. One thread.
 *
 * <pre>
 *   U29        7 bits a byte, the high bit says that another follows; the fourth byte has 8
 *   reference  U29 with bit 0 clear: the value is that of the table, by its index in the bits above
 *   object     U29 bits 0 1 0/1: by reference | traits by reference | externalizable, dynamic:1, members
 * </pre>
 */
final class Amf3Reader {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_VALUES = 4_096;

  private final ByteBuffer input;
  private final List<String> strings = new ArrayList<>();
  private final List<AmfValue> objects = new ArrayList<>();
  private final List<Traits> traits = new ArrayList<>();
  private int values;

  /** What objects of a class have. */
  private record Traits(boolean isDynamic, List<String> members) {}

  Amf3Reader(ByteBuffer input) {
    this.input = input;
  }

  /**
   * @throws HalcyonException PROTOCOL_VIOLATION for what is no AMF3 value, or of a kind that no
   *     encoder sends: vectors, dictionaries, objects that write themselves
   */
  AmfValue read() {
    return value(0);
  }

  private AmfValue value(int depth) {
    if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
      throw violation("AMF3 value too deep or too large");
    }
    int marker = u8();
    return switch (marker) {
      case 0x00 -> AmfValue.Nothing.UNDEFINED;
      case 0x01 -> AmfValue.Nothing.NULL;
      case 0x02, 0x03 -> new AmfValue.Flag(marker == 0x03);
      case 0x04 -> new AmfValue.Numeric(u29() << 3 >> 3);
      case 0x05 -> new AmfValue.Numeric(number());
      case 0x06 -> new AmfValue.Text(string());
      case 0x08 -> date();
      case 0x09 -> array(depth);
      case 0x0A -> object(depth);
      case 0x07, 0x0B, 0x0C -> bytes();
      default -> throw violation("unknown AMF3 marker [marker=" + marker + "]");
    };
  }

  private String string() {
    int header = u29();
    if ((header & 1) == 0) {
      return known(strings, header >> 1);
    }
    String text = text(header >> 1);
    if (!text.isEmpty()) {
      strings.add(text);
    }
    return text;
  }

  private AmfValue date() {
    int header = u29();
    if ((header & 1) == 0) {
      return known(objects, header >> 1);
    }
    AmfValue date = new AmfValue.Date(number());
    objects.add(date);
    return date;
  }

  /** XML and byte arrays say nothing that is needed. */
  private AmfValue bytes() {
    int header = u29();
    if ((header & 1) == 0) {
      return known(objects, header >> 1);
    }
    text(header >> 1);
    objects.add(AmfValue.Nothing.UNDEFINED);
    return AmfValue.Nothing.UNDEFINED;
  }

  private AmfValue array(int depth) {
    int header = u29();
    if ((header & 1) == 0) {
      return known(objects, header >> 1);
    }
    int index = reserve();
    Map<String, AmfValue> members = named(depth);
    int count = header >> 1;
    if (count > input.remaining()) {
      throw violation("AMF3 array longer than its message [count=" + count + "]");
    }
    List<AmfValue> elements = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      elements.add(value(depth + 1));
    }
    AmfValue array =
        members.isEmpty() ? new AmfValue.Elements(elements) : new AmfValue.Members(members);
    objects.set(index, array);
    return array;
  }

  private AmfValue object(int depth) {
    int header = u29();
    if ((header & 1) == 0) {
      return known(objects, header >> 1);
    }
    int index = reserve();
    Traits shape = (header & 2) == 0 ? known(traits, header >> 2) : traits(header);
    Map<String, AmfValue> members = new LinkedHashMap<>();
    for (String name : shape.members()) {
      members.put(name, value(depth + 1));
    }
    if (shape.isDynamic()) {
      members.putAll(named(depth));
    }
    AmfValue object = new AmfValue.Members(members);
    objects.set(index, object);
    return object;
  }

  private Traits traits(int header) {
    if ((header & 4) != 0) {
      throw violation("AMF3 object that writes itself");
    }
    string(); // The class.
    int count = header >> 4;
    if (count > input.remaining()) {
      throw violation("AMF3 object longer than its message [count=" + count + "]");
    }
    List<String> members = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      members.add(string());
    }
    Traits shape = new Traits((header & 8) != 0, members);
    traits.add(shape);
    return shape;
  }

  private Map<String, AmfValue> named(int depth) {
    Map<String, AmfValue> members = new LinkedHashMap<>();
    for (String name = string(); !name.isEmpty(); name = string()) {
      members.put(name, value(depth + 1));
    }
    return members;
  }

  /** A value may refer to the one that it stands in, which is not known yet. */
  private int reserve() {
    objects.add(AmfValue.Nothing.UNDEFINED);
    return objects.size() - 1;
  }

  private static <T> T known(List<T> table, int index) {
    if (index >= table.size()) {
      throw violation("AMF3 reference to nothing [index=" + index + "]");
    }
    return table.get(index);
  }

  private int u29() {
    int value = 0;
    for (int i = 0; i < 3; i++) {
      int next = u8();
      value = value << 7 | (next & 0x7f);
      if ((next & 0x80) == 0) {
        return value;
      }
    }
    return value << 8 | u8();
  }

  private double number() {
    require(Double.BYTES);
    return input.getDouble();
  }

  private String text(int length) {
    require(length);
    byte[] bytes = new byte[length];
    input.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private int u8() {
    require(1);
    return input.get() & 0xff;
  }

  private void require(int bytes) {
    if (input.remaining() < bytes) {
      throw violation("AMF3 value ends early");
    }
  }

  private static HalcyonException violation(String what) {
    return new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, what);
  }
}
