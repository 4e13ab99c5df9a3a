package dev.halcyon.core.handover;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes XML 1.0 as text, two blanks deep; what XML cannot say is left out. One thread. */
final class XmlText {
  private final StringBuilder out =
      new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  private final Deque<String> open = new ArrayDeque<>();

  /** A line such as a document type. */
  XmlText line(String line) {
    out.append(line).append('\n');
    return this;
  }

  /** Begins an element; attributes are names and values in turn. */
  XmlText begin(String name, Object... attributes) {
    tag(name, attributes);
    out.append(">\n");
    open.push(name);
    return this;
  }

  XmlText end() {
    String name = open.pop();
    indent();
    out.append("</").append(name).append(">\n");
    return this;
  }

  XmlText empty(String name, Object... attributes) {
    tag(name, attributes);
    out.append("/>\n");
    return this;
  }

  /** An element that holds a text alone. */
  XmlText leaf(String name, Object text) {
    tag(name);
    out.append('>');
    escaped(text.toString());
    out.append("</").append(name).append(">\n");
    return this;
  }

  private void tag(String name, Object... attributes) {
    indent();
    out.append('<').append(name);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escaped(attributes[i + 1].toString());
      out.append('"');
    }
  }

  private void indent() {
    out.repeat("  ", open.size());
  }

  private void escaped(String text) {
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\t', '\n', '\r' -> out.append("&#").append(c).append(';');
                default -> {
                  if (isCharacter(c)) {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
  }

  private static boolean isCharacter(int c) {
    return (c >= 0x20 && c <= 0xd7ff) || (c >= 0xe000 && c <= 0xfffd) || c >= 0x10000;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
