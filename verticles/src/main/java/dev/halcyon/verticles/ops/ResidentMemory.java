package dev.halcyon.verticles.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of the memory of processes. Any thread. */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ANONYMOUS = "RssAnon:";

  private ResidentMemory() {}

  /** Resident bytes that no file backs; NaN where the system does not tell. */
  public static double anonymousBytes() {
    try {
      return anonymousBytes(Files.readAllLines(STATUS));
    } catch (IOException untold) {
      return Double.NaN;
    }
  }

  /** The same of another process; NaN when it is gone. */
  public static double anonymousBytesOf(long pid) {
    try {
      return anonymousBytes(Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")));
    } catch (IOException gone) {
      return Double.NaN;
    }
  }

  static double anonymousBytes(List<String> status) {
    for (String line : status) {
      if (line.startsWith(ANONYMOUS) && line.endsWith(" kB")) {
        String number = line.substring(ANONYMOUS.length(), line.length() - 3).strip();
        return Long.parseLong(number) * 1024.0;
      }
    }
    return Double.NaN;
  }
}
