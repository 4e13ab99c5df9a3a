package dev.halcyon.codecs.mp4;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads boxes back, knowing nothing of how they were written. */
record BoxTree(String type, long startBytes, ByteBuffer body, List<BoxTree> children) {
  private static final Set<String> CONTAINERS =
      Set.of("moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf");

  static List<BoxTree> parse(ByteBuffer file) {
    return parse(file.duplicate(), 0);
  }

  private static List<BoxTree> parse(ByteBuffer bytes, long baseBytes) {
    List<BoxTree> boxes = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long startBytes = baseBytes + bytes.position();
      long size = Integer.toUnsignedLong(bytes.getInt());
      byte[] name = new byte[4];
      bytes.get(name);
      int headBytes = 8;
      if (size == 1) {
        size = bytes.getLong();
        headBytes = 16;
      }
      // A head without its media ends inside of mdat.
      int length = (int) Math.min(size - headBytes, bytes.remaining());
      if (length < 0) {
        throw new IllegalArgumentException("a box is shorter than its head [size=" + size + "]");
      }
      ByteBuffer body = bytes.slice(bytes.position(), length);
      String type = new String(name, StandardCharsets.ISO_8859_1);
      List<BoxTree> children =
          CONTAINERS.contains(type) ? parse(body.duplicate(), startBytes + headBytes) : List.of();
      boxes.add(new BoxTree(type, startBytes, body, children));
      bytes.position(bytes.position() + length);
    }
    return boxes;
  }

  static BoxTree find(List<BoxTree> boxes, String... path) {
    BoxTree found = null;
    List<BoxTree> level = boxes;
    for (String type : path) {
      found =
          level.stream()
              .filter(box -> box.type().equals(type))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + type));
      level = found.children();
    }
    return found;
  }

  BoxTree at(String... path) {
    return find(children, path);
  }

  boolean has(String type) {
    return children.stream().anyMatch(box -> box.type().equals(type));
  }

  List<BoxTree> all(String type) {
    return children.stream().filter(box -> box.type().equals(type)).toList();
  }

  /** Unsigned 32-bit field at an offset into the body. */
  long u32(int offset) {
    return Integer.toUnsignedLong(body.getInt(offset));
  }

  long u64(int offset) {
    return body.getLong(offset);
  }

  int version() {
    return body.get(0);
  }

  /** 32-bit fields from an offset to the end. */
  List<Long> fields(int offset) {
    List<Long> fields = new ArrayList<>();
    for (int i = offset; i + 4 <= body.limit(); i += 4) {
      fields.add((long) body.getInt(i));
    }
    return fields;
  }

  String ascii(int offset) {
    byte[] four = new byte[4];
    body.get(offset, four);
    return new String(four, StandardCharsets.ISO_8859_1);
  }
}
