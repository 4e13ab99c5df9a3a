package dev.halcyon.verticles.ingest.rtmp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes AMF0 values; the inverse of {@link Amf0Reader}. One thread. */
final class Amf0Writer {
  private static final int MAX_SHORT_STRING_BYTES = 0xFFFF;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  Amf0Writer write(AmfValue value) {
    switch (value) {
      case AmfValue.Numeric number -> {
        out.write(Amf0Reader.NUMBER);
        number(number.value());
      }
      case AmfValue.Flag flag -> {
        out.write(Amf0Reader.BOOLEAN);
        out.write(flag.isSet() ? 1 : 0);
      }
      case AmfValue.Text text -> text(text.value());
      case AmfValue.Members members -> {
        out.write(Amf0Reader.OBJECT);
        members(members.values());
      }
      case AmfValue.Elements elements -> {
        out.write(Amf0Reader.STRICT_ARRAY);
        int32(elements.values().size());
        elements.values().forEach(this::write);
      }
      case AmfValue.Date date -> {
        out.write(Amf0Reader.DATE);
        number(date.epochMs());
        u16(0);
      }
      case AmfValue.Nothing nothing ->
          out.write(nothing == AmfValue.Nothing.NULL ? Amf0Reader.NULL : Amf0Reader.UNDEFINED);
    }
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void members(Map<String, AmfValue> members) {
    members.forEach(
        (name, value) -> {
          byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
          if (bytes.length > MAX_SHORT_STRING_BYTES) {
            throw new IllegalArgumentException("name too long [length=" + bytes.length + "]");
          }
          u16(bytes.length);
          out.writeBytes(bytes);
          write(value);
        });
    u16(0);
    out.write(Amf0Reader.OBJECT_END);
  }

  private void text(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= MAX_SHORT_STRING_BYTES) {
      out.write(Amf0Reader.STRING);
      u16(bytes.length);
    } else {
      out.write(Amf0Reader.LONG_STRING);
      int32(bytes.length);
    }
    out.writeBytes(bytes);
  }

  private void number(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int32((int) (bits >>> Integer.SIZE));
    int32((int) bits);
  }

  private void u16(int value) {
    out.write(value >>> 8);
    out.write(value);
  }

  private void int32(int value) {
    u16(value >>> 16);
    u16(value);
  }
}
