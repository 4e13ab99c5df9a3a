package dev.halcyon.verticles.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PublicTextTest {
  @Test
  void keepsNoPathOfTheServer() {
    assertEquals(
        "the clip cannot be written: java.nio.file.FileSystemException: …",
        PublicText.of(
            "the clip cannot be written: java.nio.file.FileSystemException: /srv/my data/a.mp4"));
    assertEquals(
        "the ring file is in use [file= …", PublicText.of("the ring file is in use [file=/srv/x]"));
    assertEquals(
        "the server could not make the file; its log says why", PublicText.of("/srv/x/a.mp4"));
  }

  @Test
  void keepsTheRest() {
    for (String text : new String[] {"the stream overtook the cut", "no video/mp4", "3 / 4", ""}) {
      assertEquals(text, PublicText.of(text));
    }
  }
}
