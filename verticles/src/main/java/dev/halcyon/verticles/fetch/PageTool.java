package dev.halcyon.verticles.fetch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program that finds the video of a page. It gets its arguments as a list, never through a shell;
 * what a user gave comes last, behind {@code --}.
 */
enum PageTool {
  YT_DLP("yt-dlp") {
    @Override
    List<String> download(String url, String proxy, Path folder, long maxBytes) {
      return arguments(
          url,
          "--ignore-config",
          "--no-playlist",
          "--playlist-items",
          "1",
          "--no-cache-dir",
          "--no-mtime",
          "--no-progress",
          "--match-filters",
          "!is_live",
          "--max-filesize",
          String.valueOf(maxBytes),
          "--socket-timeout",
          "20",
          "--proxy",
          proxy,
          "--format",
          // At most 4K, either way up; pictures and sound apart where that is better.
          "bv*[height<=2160][width<=4096]+ba/b[height<=2160]/bv*[width<=2160]+ba/b[width<=2160]",
          "--merge-output-format",
          "mp4/mkv",
          "--output",
          folder.resolve(FILE + ".%(ext)s").toString());
    }

    @Override
    List<String> address(String url, String proxy) {
      return arguments(
          url,
          "--ignore-config",
          "--no-playlist",
          "--playlist-items",
          "1",
          "--no-cache-dir",
          "--socket-timeout",
          "20",
          "--proxy",
          proxy,
          "--format",
          "b[height<=2160]/b",
          "--get-url");
    }
  },
  STREAMLINK("streamlink") {
    @Override
    List<String> download(String url, String proxy, Path folder, long maxBytes) {
      List<String> arguments =
          arguments(
              url,
              "--http-proxy",
              proxy,
              "--stream-sorting-excludes",
              ">2160p",
              "--force",
              "--output",
              folder.resolve(FILE + ".ts").toString());
      arguments.add("best");
      return arguments;
    }

    @Override
    List<String> address(String url, String proxy) {
      List<String> arguments =
          arguments(
              url, "--http-proxy", proxy, "--stream-sorting-excludes", ">2160p", "--stream-url");
      arguments.add("best");
      return arguments;
    }
  };

  /** What they name their file, before the dot. */
  static final String FILE = "fetched";

  private final String program;

  PageTool(String program) {
    this.program = program;
  }

  /** What it is called with to write a page's video into a folder. */
  abstract List<String> download(String url, String proxy, Path folder, long maxBytes);

  /** What it is called with to print the address of a page's live stream. */
  abstract List<String> address(String url, String proxy);

  private static List<String> arguments(String url, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add("--");
    arguments.add(url);
    return arguments;
  }

  String program() {
    return program;
  }

  /**
   * @param path folders as PATH lists them
   */
  Optional<Path> find(String path) {
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(program).toAbsolutePath();
      if (!folder.isEmpty() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }
}
