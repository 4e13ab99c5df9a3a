package dev.halcyon.core.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
  @Test
  void readsWhatIsWritten() {
    Json value =
        Json.members(
            "text", "a\"\\\n\u0000\u0085 é 😀 /",
            "numbers", List.of(0, -1.5, 1e300, 0.1, 30000 / 1001.0, 1L << 52),
            "empty", List.of(Json.members(), List.of()),
            "more", List.of(true, false, new Json.Null()));
    assertEquals(value, JsonReader.read(JsonWriter.write(value), 100));
  }

  @Test
  void readsEscapesAndBlanks() {
    assertEquals(
        Json.members("a/b", "é\t😀"),
        JsonReader.read(" {\r\n\t\"a\\/b\" : \"\\u00e9\\t\\ud83d\\ude00\" } ", 10));
  }

  @Test
  void refusesWhatIsNoJson() {
    for (String bad :
        List.of(
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nan",
            "'a'",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "1 2",
            "[1}",
            "{\"a\" 1}",
            "1e999",
            "1".repeat(100),
            "\"",
            "[[",
            "-",
            "\ufeff1")) {
      HalcyonException refused =
          assertThrows(HalcyonException.class, () -> JsonReader.read(bad, 100), bad);
      assertEquals(ErrorCode.BAD_REQUEST, refused.code());
    }
  }

  @Test
  void isBoundedInDepthAndNumber() {
    assertThrows(HalcyonException.class, () -> JsonReader.read("[".repeat(100_000), 1_000_000));
    assertThrows(HalcyonException.class, () -> JsonReader.read("[1,2,3]", 3));
    assertEquals(3, JsonReader.read("[1,2,3]", 4).elements().size());
  }
}
