package dev.halcyon.core.json;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON texts of strangers: strict (RFC 8259), and bounded in depth and number of values. Of
 * members with the same name the last counts. For the modules that have no JSON library.
 */
public final class JsonReader {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_CHARS = 64;

  private final String text;
  private final int mostValues;
  private int at;
  private int values;

  private JsonReader(String text, int mostValues) {
    this.text = text;
    this.mostValues = mostValues;
  }

  /**
   * @param mostValues of all kinds, nested ones included
   * @throws HalcyonException {@link ErrorCode#BAD_REQUEST} with the line, when the text is no JSON
   *     or holds more
   */
  public static Json read(String text, int mostValues) {
    JsonReader reader = new JsonReader(text, mostValues);
    reader.blanks();
    Json value = reader.value(0);
    if (reader.at < text.length()) {
      throw reader.bad("something follows its end");
    }
    return value;
  }

  private Json value(int depth) {
    if (depth > MAX_DEPTH) {
      throw bad("it is nested too deep");
    }
    if (++values > mostValues) {
      throw bad("it holds more than " + mostValues + " values");
    }
    Json value =
        switch (peek()) {
          case '{' -> members(depth);
          case '[' -> items(depth);
          case '"' -> new Json.Text(string());
          case 't' -> word("true", new Json.Bool(true));
          case 'f' -> word("false", new Json.Bool(false));
          case 'n' -> word("null", new Json.Null());
          default -> number();
        };
    blanks();
    return value;
  }

  private Json members(int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    skip('{');
    if (peek() != '}') {
      do {
        String name = string();
        blanks();
        skip(':');
        members.put(name, value(depth + 1));
      } while (isMore());
    }
    skip('}');
    return new Json.Members(members);
  }

  private Json items(int depth) {
    List<Json> items = new ArrayList<>();
    skip('[');
    if (peek() != ']') {
      do {
        items.add(value(depth + 1));
      } while (isMore());
    }
    skip(']');
    return new Json.Items(items);
  }

  private boolean isMore() {
    boolean isComma = peek() == ',';
    if (isComma) {
      skip(',');
    }
    return isComma;
  }

  private Json word(String word, Json value) {
    if (!text.startsWith(word, at)) {
      throw bad("a value is expected");
    }
    at += word.length();
    return value;
  }

  private Json number() {
    int from = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(from, Math.min(at, from + MAX_NUMBER_CHARS + 1));
    if (digits.length() > MAX_NUMBER_CHARS
        || !digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      at = from;
      throw bad("a value is expected");
    }
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      throw bad("a number is too large");
    }
    return new Json.Numeric(value);
  }

  private String string() {
    if (peek() != '"') {
      throw bad("a quoted text is expected");
    }
    at++;
    StringBuilder string = new StringBuilder();
    while (true) {
      char c = next();
      if (c == '"') {
        return string.toString();
      } else if (c == '\\') {
        string.append(escaped());
      } else if (c < ' ') {
        throw bad("a control character stands in a text");
      } else {
        string.append(c);
      }
    }
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw bad("an unknown escape stands in a text");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(next(), 16);
      if (digit < 0) {
        throw bad("an escape is broken");
      }
      code = 16 * code + digit;
    }
    return (char) code;
  }

  private char peek() {
    if (at >= text.length()) {
      throw bad("it ends too early");
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  /** Steps over a sign and the blanks after it. */
  private void skip(char sign) {
    if (peek() != sign) {
      throw bad("'" + sign + "' is expected");
    }
    at++;
    blanks();
  }

  private void blanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private HalcyonException bad(String what) {
    long line =
        1 + text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    return new HalcyonException(
        ErrorCode.BAD_REQUEST, "this is not valid JSON: line " + line + ": " + what);
  }
}
