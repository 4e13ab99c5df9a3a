package dev.halcyon.verticles.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The ending of a file's name that fits its content: editors go by it. */
final class MediaEnding {
  private static final int HEAD_BYTES = 400;
  private static final int TS_PACKET_BYTES = 188;

  private MediaEnding() {}

  /** With its dot; {@code .media} for what is not known here. */
  static String of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD_BYTES);
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith("ftyp", 4)) {
      return text.startsWith("qt", 8) ? ".mov" : ".mp4";
    }
    if (text.startsWith("\u001aE\u00df\u00a3")) {
      return text.contains("webm") ? ".webm" : ".mkv";
    }
    if (text.startsWith("FLV")) {
      return ".flv";
    }
    if (text.startsWith("RIFF") && text.startsWith("AVI ", 8)) {
      return ".avi";
    }
    boolean isTs =
        head.length > TS_PACKET_BYTES && head[0] == 0x47 && head[TS_PACKET_BYTES] == 0x47;
    return isTs ? ".ts" : ".media";
  }
}
