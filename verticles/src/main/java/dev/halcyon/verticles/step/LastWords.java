package dev.halcyon.verticles.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process that died left to be read. */
final class LastWords {
  private static final int LINES = 3;
  private static final int CRASH_LINES = 40;
  private static final int CHARS = 400;

  private LastWords() {}

  /**
   * The essence: of the JVM's crash report the signal and the native frame, else the last lines
   * that the process wrote.
   */
  static String of(Path crashReport, String standardError) {
    if (Files.exists(crashReport)) {
      try (Stream<String> lines = Files.lines(crashReport)) {
        String frame =
            String.join(
                " ",
                lines
                    .limit(CRASH_LINES)
                    .filter(line -> line.startsWith("#  SIG") || line.startsWith("# C  ["))
                    .map(line -> line.substring(1).strip())
                    .toList());
        if (!frame.isEmpty()) {
          return shortened(ChildOutput.presentable(frame));
        }
      } catch (IOException unreadable) {
        return shortened(standardError);
      }
    }
    List<String> lines = standardError.lines().filter(line -> !line.isBlank()).toList();
    return shortened(
        String.join(" / ", lines.subList(Math.max(0, lines.size() - LINES), lines.size())));
  }

  private static String shortened(String text) {
    return text.length() <= CHARS ? text : "…" + text.substring(text.length() - CHARS);
  }
}
