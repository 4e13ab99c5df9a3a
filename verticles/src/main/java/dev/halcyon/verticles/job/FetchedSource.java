package dev.halcyon.verticles.job;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.SourceFetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The source of a run that was given as an address: fetched once, into the output folder. */
final class FetchedSource {
  private static final int NAME_CHARS = 60;

  private final SourceFetch fetch;
  private final ClipListener listener;

  FetchedSource(SourceFetch fetch, ClipListener listener) {
    this.fetch = fetch;
    this.listener = listener;
  }

  /** A file's name that reminds of an address. */
  static String nameOf(String address) {
    String path = address.replaceFirst("^[^:]*://", "").replaceFirst("[?#].*", "");
    String last = path.replaceFirst("/+$", "").replaceFirst(".*/", "");
    String name = last.replaceAll("[^A-Za-z0-9._-]", "").replaceFirst("^[.-]+", "");
    return name.isEmpty() ? "video" : name.substring(0, Math.min(NAME_CHARS, name.length()));
  }

  /**
   * @param target the output folder, made if need be
   * @throws HalcyonException as {@link SourceFetch#fetch}
   */
  Path in(Path target, String address, CtrlC ctrlC) {
    fetch.require(address);
    FolderGuard.require(target, List.of());
    Cancellation cancellation = new Cancellation();
    ctrlC.stops(cancellation::cancel);
    try {
      Path folder = Files.createDirectories(target.resolve("source"));
      listener.onStarted(Set.of(StepKey.of(StepName.INGEST)));
      return fetch
          .fetch(
              address,
              folder,
              (bytes, total) ->
                  listener.onProgress(
                      total.isPresent() ? (double) bytes / Math.max(1, total.getAsLong()) : 0, 0),
              cancellation)
          .toAbsolutePath();
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure),
          "the output folder cannot be used: " + failure.getMessage(),
          failure);
    }
  }
}
