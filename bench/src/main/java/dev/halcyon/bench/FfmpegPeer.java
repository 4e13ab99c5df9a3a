package dev.halcyon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The peer of our work on files: the {@code ffmpeg} of this machine, as people use it. */
public final class FfmpegPeer {
  private static final String PROGRAM = "ffmpeg";

  private FfmpegPeer() {}

  public static boolean isInstalled() {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, PROGRAM))) {
        return true;
      }
    }
    return false;
  }

  /**
   * {@code -ss … -c copy}.
   *
   * @return how long that took from the start of the process to its end, in nanoseconds
   * @throws IOException when it fails
   */
  static long copy(Path from, long fromUs, long lengthUs, Path to)
      throws IOException, InterruptedException {
    return run(
        "-ss",
        seconds(fromUs),
        "-i",
        from.toString(),
        "-t",
        seconds(lengthUs),
        "-c",
        "copy",
        to.toString());
  }

  /** All of a file encoded by x264, with our settings for boundaries; returns as {@link #copy}. */
  static long encode(Path from, Path to) throws IOException, InterruptedException {
    return run(
        "-i",
        from.toString(),
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        "14",
        "-c:a",
        "aac",
        "-b:a",
        "192k",
        to.toString());
  }

  /** Everything decoded and thrown away, on all cores; returns as {@link #copy}. */
  public static long decode(Path from) throws IOException, InterruptedException {
    return run("-i", from.toString(), "-f", "null", "-");
  }

  /**
   * @param arguments behind those that say to ask nothing and to write over what is there
   * @return as {@link #copy}
   * @throws IOException when it fails
   */
  public static long run(String... arguments) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(PROGRAM, "-nostdin", "-v", "error", "-y"));
    line.addAll(List.of(arguments));
    ProcessBuilder program = new ProcessBuilder(line);
    program.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    long startNs = System.nanoTime();
    int status = program.start().waitFor();
    long tookNs = System.nanoTime() - startNs;
    if (status != 0) {
      throw new IOException("the peer failed [" + String.join(" ", line) + "]");
    }
    return tookNs;
  }

  private static String seconds(long us) {
    return String.format(Locale.ROOT, "%.6f", us / 1e6);
  }
}
