package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContactSheetTest {
  private static final String HOSTILE = "\"><script>alert('x')</script>&";

  @Test
  void nothingOfOthersIsMarkup() {
    String page = sheet(card(HOSTILE)).html();

    assertFalse(page.contains("<script"), "a script");
    assertFalse(page.contains("alert('"), "an attribute that ends too soon");
    assertTrue(page.contains("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;"));
  }

  @Test
  void loadsNothingButTheClipsBesideIt() {
    String page = sheet(card("A title")).html();

    assertFalse(page.contains("http://") || page.contains("https://"), "an address");
    assertTrue(page.contains("src=\"clip-01.mp4\""));
    assertTrue(page.contains("poster=\"data:image/jpeg;base64,AQID\""));
    assertTrue(page.contains("href=\"clip-01.srt\""));
  }

  @Test
  void clipsStandWhereTheyWereTakenFrom() {
    String page = sheet(card("A title")).html();

    assertTrue(page.contains("left:10.000%;width:30.000%"), "its place in the strip");
    assertTrue(page.contains("1:00 – 4:00"), "its window");
  }

  @Test
  void aPageWithoutClipsSaysSo() {
    String page = new ContactSheet("talk.mp4", "", 1, List.of(), List.of()).html();

    assertEquals(1, page.split("stood out", -1).length - 1);
  }

  private static ContactSheet sheet(ContactSheet.Card card) {
    return new ContactSheet(
        card.title(), "10:00, H264", 600_000_000, List.of(0.1, 0.9, 0.4), List.of(card));
  }

  private static ContactSheet.Card card(String text) {
    return new ContactSheet.Card(
        "clip-01.mp4",
        new TimeSpan(60_000_000, 240_000_000),
        1080,
        1920,
        text,
        text,
        text,
        List.of(text),
        0.8,
        0.7,
        0.9,
        "AQID",
        List.of("clip-01.srt"));
  }
}
