package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.step.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The video of a page, by {@code yt-dlp} or {@code streamlink} where one is installed. Whatever
 * they connect to goes through a {@link GuardedProxy}. Blocking; any thread.
 */
public final class PageVideo {
  private static final Pattern REFUSAL =
      Pattern.compile("(?i)(?:HTTP Error|error|code|status)[: ]+(429|403|503)\\b");
  private static final int WORDS = 400;
  private static final long MAX_ADDRESS_RUN_BYTES = 64 << 20;

  private final GuardedHttp http;
  private final SourceOptions options;
  private final TryAgain tries;

  public PageVideo(GuardedHttp http, SourceOptions options) {
    this.http = http;
    this.options = options;
    this.tries = new TryAgain(options.proxies(), options.backOff());
  }

  /** A tool with the file that it is. */
  private record Found(PageTool tool, Path program) {}

  /**
   * Writes a page's video into a folder of its own.
   *
   * @return the one file
   * @throws HalcyonException UNSUPPORTED_MEDIA when no program is there, or found no video;
   *     RATE_LIMITED, SOURCE_REFUSED, MEDIA_TOO_LARGE, SOURCE_TOO_SLOW, CANCELLED, IO_FAILED
   */
  Path download(URI page, Path folder, FetchListener listener, FetchDeadline limit) {
    Found found = found(List.of(PageTool.YT_DLP, PageTool.STREAMLINK));
    run(
        found,
        folder,
        proxy -> found.tool().download(page.toASCIIString(), proxy, folder, options.maxBytes()),
        new ToolRun(options.toolPath(), folder, folderBytes(), limit, listener),
        limit.cancellation());
    Path file = theFile(found, folder);
    requireAllowed(file);
    return file;
  }

  /** Sound and picture come in files of their own, which stay until both are in the last one. */
  private long folderBytes() {
    return Math.multiplyExact(2, options.maxBytes());
  }

  private void requireAllowed(Path file) {
    try {
      if (Files.size(file) > options.maxBytes()) {
        throw FetchDeadline.tooLarge(options.maxBytes());
      }
    } catch (IOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, failure.getMessage(), failure);
    }
  }

  /**
   * The address of a page's live stream, which is to be checked like any other.
   *
   * @throws HalcyonException as {@link #download}
   */
  public URI liveAddress(URI page, Cancellation cancellation) {
    Found found = found(List.of(PageTool.STREAMLINK, PageTool.YT_DLP));
    FetchDeadline limit = new FetchDeadline(cancellation, Duration.ofMinutes(1));
    try {
      Path folder = Files.createTempDirectory("halcyon-page-");
      try {
        String said =
            run(
                found,
                folder,
                proxy -> found.tool().address(page.toASCIIString(), proxy),
                new ToolRun(
                    options.toolPath(),
                    folder,
                    MAX_ADDRESS_RUN_BYTES,
                    limit,
                    (bytes, total) -> limit.check()),
                cancellation);
        return addressIn(found, said);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, failure.getMessage(), failure);
    }
  }

  private static URI addressIn(Found found, String said) {
    try {
      return said.lines()
          .map(String::strip)
          .filter(line -> line.startsWith("http://") || line.startsWith("https://"))
          .map(URI::create)
          .findFirst()
          .orElseThrow(() -> failed(found, said));
    } catch (IllegalArgumentException malformed) {
      throw failed(found, said);
    }
  }

  private Found found(List<PageTool> wanted) {
    for (PageTool tool : wanted) {
      Optional<Path> program = tool.find(options.toolPath());
      if (program.isPresent()) {
        return new Found(tool, program.get());
      }
    }
    throw new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA,
        "the video of a page is found by yt-dlp or streamlink, and neither is installed here (on"
            + " the PATH, or where jobs.sources.tool_path says)");
  }

  private String run(
      Found found,
      Path folder,
      Function<String, List<String>> arguments,
      ToolRun run,
      Cancellation cancellation) {
    return tries.run(
        upstream -> {
          try (GuardedProxy proxy = GuardedProxy.open(http.guard(), http.limits(), upstream)) {
            ToolRun.Ended ended = run.run(found.program(), arguments.apply(proxy.url()));
            if (ended.status() == 0) {
              return ended.output();
            }
            Matcher refusal = REFUSAL.matcher(ended.errors());
            if (refusal.find()) {
              throw new TryAgain.Refused(Integer.parseInt(refusal.group(1)), Optional.empty());
            }
            throw failed(found, ended.errors());
          } catch (IOException failure) {
            throw new HalcyonException(
                ErrorCode.IO_FAILED, "in " + folder + ": " + failure.getMessage(), failure);
          }
        },
        cancellation);
  }

  private static HalcyonException failed(Found found, String said) {
    List<String> lines = said.lines().filter(line -> !line.isBlank()).toList();
    String last = String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    String words = last.length() <= WORDS ? last : "…" + last.substring(last.length() - WORDS);
    return new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA,
        found.tool().program() + " found no video" + (words.isEmpty() ? "" : ": " + words));
  }

  private static Path theFile(Found found, Path folder) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(
              file -> {
                String name = file.getFileName().toString();
                return name.matches(PageTool.FILE + "\\.[A-Za-z0-9]{1,5}")
                    && !name.endsWith(".part")
                    && !name.endsWith(".ytdl")
                    && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
              })
          .forEach(files::add);
    } catch (IOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, failure.getMessage(), failure);
    }
    if (files.size() != 1) {
      throw failed(found, "it left " + files.size() + " files; is the video live, or too large?");
    }
    return files.getFirst();
  }
}
