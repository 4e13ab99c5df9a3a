package dev.halcyon.verticles.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentDispositionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "Goal|Goal.mp4|Goal.mp4",
        "Tor für Köln|Tor fur Koln.mp4|Tor für Köln.mp4",
        "決勝ゴール|clip.mp4|決勝ゴール.mp4",
        "../../etc/passwd|_.._etc_passwd.mp4|_.._etc_passwd.mp4",
        "a\"; filename=\"x|a_; filename=_x.mp4|a_; filename=_x.mp4",
        "con|_con.mp4|_con.mp4",
        "...|clip.mp4|clip.mp4",
        "100% *|100_ _.mp4|100_ _.mp4",
        "it's (late)|it_s (late).mp4|it's (late).mp4",
        "win 🏆|win _.mp4|win 🏆.mp4",
      })
  void keepsATitleAsFarAsAFileNameCan(String title, String ascii, String name) {
    String header = ContentDisposition.attachment(title, "mp4");
    assertEquals(
        "attachment; filename=\"" + ascii.replace(";", "_") + "\"",
        header.substring(0, header.indexOf("; filename*=")));
    assertEquals(name, decoded(header));
  }

  @Test
  void keepsNothingThatCannotBeSeen() {
    assertEquals("a b c.mp4", decoded(ContentDisposition.inline("a\r\nb\u202ec", "mp4")));
    String blank = ContentDisposition.inline(" \t\u2028 ", "webm");
    assertEquals("inline; filename=\"clip.webm\"; filename*=UTF-8''clip.webm", blank);
  }

  @Test
  void cutsLongTitlesBetweenCharacters() {
    String name = decoded(ContentDisposition.attachment("x" + "🏆".repeat(80), "mp4"));
    assertEquals("x" + "🏆".repeat(49) + ".mp4", name);
    String header = ContentDisposition.attachment("é".repeat(500), "mp4");
    assertTrue(header.length() < 1_200, header);
    assertTrue(header.chars().allMatch(c -> c >= 0x20 && c < 0x7f), header);
  }

  private static String decoded(String header) {
    String encoded = header.substring(header.indexOf("UTF-8''") + 7);
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
