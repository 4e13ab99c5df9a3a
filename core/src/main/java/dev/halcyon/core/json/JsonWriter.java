package dev.halcyon.core.json;

import java.util.Iterator;
import java.util.Map;

/** Writes JSON as text for people: one member or item a line, two blanks deep. */
public final class JsonWriter {
  private static final double MOST_EXACT = 1L << 53;

  private final StringBuilder out = new StringBuilder();

  private JsonWriter() {}

  public static String write(Json value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value, 0);
    return writer.out.append('\n').toString();
  }

  private void value(Json value, int depth) {
    switch (value) {
      case Json.Members(Map<String, Json> members) -> members(members, depth);
      case Json.Items items -> items(items, depth);
      case Json.Text(String text) -> text(text);
      case Json.Numeric(double number) -> out.append(number(number));
      case Json.Bool(boolean bool) -> out.append(bool);
      case Json.Null() -> out.append("null");
    }
  }

  private void members(Map<String, Json> members, int depth) {
    if (members.isEmpty()) {
      out.append("{}");
      return;
    }
    String comma = "{";
    for (Map.Entry<String, Json> member : members.entrySet()) {
      out.append(comma);
      line(depth + 1);
      text(member.getKey());
      out.append(": ");
      value(member.getValue(), depth + 1);
      comma = ",";
    }
    line(depth);
    out.append('}');
  }

  private void items(Json.Items array, int depth) {
    if (array.items().isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (Iterator<Json> items = array.items().iterator(); items.hasNext(); ) {
      line(depth + 1);
      value(items.next(), depth + 1);
      out.append(items.hasNext() ? "," : "");
    }
    line(depth);
    out.append(']');
  }

  private void line(int depth) {
    out.append('\n').repeat("  ", depth);
  }

  /** Whole numbers without a fraction; others so that they read back the same. */
  private static String number(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) <= MOST_EXACT;
    return isWhole ? Long.toString((long) value) : Double.toString(value);
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || (c >= 0x7f && c < 0xa0) || Character.isSurrogate(c) || c == 0xfeff) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
