package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.step.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings the source of a job here: a file of media as it is, the video of a page by a program that
 * knows the page. What was begun is gone on with when it is asked for again. Blocking, for as long
 * as the fetch takes; any thread.
 */
public final class SourceFetch {
  private static final String FILE = "source";
  private static final String PART = "source.part";
  private static final String ARRIVED = "source.whole";

  /** The address, and once it is there the name of the file. */
  private static final String NOTE = "source.url";

  private static final String FOLDER = "source.page";

  private final GuardedHttp http;
  private final SourceOptions options;
  private final PageVideo pages;

  public SourceFetch(GuardedHttp http, SourceOptions options) {
    this.http = Objects.requireNonNull(http, "http");
    this.options = Objects.requireNonNull(options, "options");
    this.pages = new PageVideo(http, options);
  }

  /**
   * Refuses what {@link #fetch} would refuse whatever the server says. Does not block.
   *
   * @return the address
   * @throws HalcyonException BAD_REQUEST for what is no address, SOURCE_REFUSED for a host that is
   *     on no list
   */
  public URI require(String address) {
    URI uri;
    try {
      uri = URI.create(URI.create(address).toASCIIString());
    } catch (IllegalArgumentException malformed) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "this is no address", malformed);
    }
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "an address begins with https:// or http:// and names a host");
    }
    if (!isPage(uri) && !options.mediaHosts().contains(uri.getHost())) {
      throw new HalcyonException(
          ErrorCode.SOURCE_REFUSED,
          uri.getHost()
              + " is none of the hosts that videos are fetched from; the operator adds hosts by"
              + " jobs.sources.media_hosts");
    }
    return uri;
  }

  private boolean isPage(URI uri) {
    return options.pageHosts().contains(uri.getHost());
  }

  /**
   * Fetches a source, or finds it fetched already.
   *
   * @param folder is there; nothing else is kept in it
   * @param cancellation ends it within a second; what has arrived stays for the next time
   * @return the file in the folder, its ending by its content
   * @throws HalcyonException as {@link #require}; NOT_FOUND, UNSUPPORTED_MEDIA for what is no
   *     video, or when the program for a page is not installed; MEDIA_TOO_LARGE, RATE_LIMITED,
   *     NETWORK_LOST, SOURCE_TOO_SLOW, CANCELLED, EDIT_CONFLICT, INSUFFICIENT_STORAGE, IO_FAILED
   */
  public Path fetch(
      String address, Path folder, FetchListener listener, Cancellation cancellation) {
    URI uri = require(address);
    FetchDeadline limit = new FetchDeadline(cancellation, options.timeout());
    DiskReserve reserve = new DiskReserve(folder, options.freeBytes());
    FetchListener thrifty =
        (bytes, total) -> {
          reserve.require();
          listener.onBytes(bytes, total);
        };
    try (PartFile part = PartFile.open(folder.resolve(PART))) {
      Optional<Path> kept = kept(uri, folder);
      return kept.isPresent() ? kept.get() : fetched(uri, folder, part, thrifty, limit);
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure),
          "the source cannot be kept in " + folder + ": " + failure.getMessage(),
          failure);
    }
  }

  /** What was fetched before; nothing of another address stays. */
  private static Optional<Path> kept(URI uri, Path folder) throws IOException {
    Path note = folder.resolve(NOTE);
    String[] lines = Files.exists(note) ? Files.readString(note).split("\n", 2) : new String[1];
    boolean isSame = uri.toString().equals(lines[0]);
    boolean isWhole = lines.length == 2 && lines[1].matches(FILE + "\\.[a-z0-9]+");
    if (isSame && isWhole && Files.exists(folder.resolve(lines[1]))) {
      return Optional.of(folder.resolve(lines[1]));
    }
    if (!isSame) {
      if (isWhole) {
        Files.deleteIfExists(folder.resolve(lines[1]));
      }
      Folders.delete(folder.resolve(FOLDER));
      Files.writeString(note, uri.toString());
    }
    return Optional.empty();
  }

  private Path fetched(
      URI uri, Path folder, PartFile part, FetchListener listener, FetchDeadline limit)
      throws IOException {
    Path arrived = folder.resolve(ARRIVED);
    if (isPage(uri)) {
      downloadPage(uri, folder, arrived, listener, limit);
    } else {
      TryAgain tries = new TryAgain(options.proxies(), options.backOff());
      new MediaFile(http, options.maxBytes(), tries, listener, limit).fetch(uri, part);
      part.finish(arrived);
    }
    Path file = folder.resolve(FILE + MediaEnding.of(arrived));
    Files.move(arrived, file, StandardCopyOption.ATOMIC_MOVE);
    Files.writeString(folder.resolve(NOTE), uri + "\n" + file.getFileName());
    return file;
  }

  private void downloadPage(
      URI uri, Path folder, Path arrived, FetchListener listener, FetchDeadline limit)
      throws IOException {
    Path work = folder.resolve(FOLDER);
    Files.createDirectories(work);
    Path made = pages.download(uri, work, listener, limit);
    Files.move(made, arrived, StandardCopyOption.ATOMIC_MOVE);
    Folders.delete(work);
  }
}
