package dev.halcyon.verticles.job;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.SourceFetch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The video of one job, on this machine or about to come here. One thread. */
interface JobSource {
  /** Where it is once it was brought. */
  Path path();

  SourceLabel label();

  /** Names what it is, for as long as nobody has looked into it. */
  String identity();

  /**
   * Brings it here; nothing when it is here already.
   *
   * @param listener is told how far that is
   * @throws HalcyonException CANCELLED, or why it cannot be had
   */
  void bring(ClipListener listener);

  /** Ends the bringing. Any thread. */
  void cancel();

  /** A file that a user has uploaded. */
  record Uploaded(String fileKey, SourceFiles.SourceFile file) implements JobSource {
    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public SourceLabel label() {
      return SourceLabel.named(file.name());
    }

    @Override
    public String identity() {
      return new Inputs().with("file").with(fileKey).digest();
    }

    @Override
    public void bring(ClipListener listener) {
      // It is here.
      listener.onProgress(0, 0);
    }

    @Override
    public void cancel() {
      // Nothing is on its way.
      Objects.requireNonNull(file, "file");
    }
  }

  /**
   * What lies at an address outside.
   *
   * @param folder where the fetch keeps it, under a name of its own choice
   * @param path another name of the same file
   */
  record Remote(String url, Path folder, Path path, SourceFetch fetch, Cancellation cancellation)
      implements JobSource {
    @Override
    public SourceLabel label() {
      return SourceLabel.named(FetchedSource.nameOf(url));
    }

    @Override
    public String identity() {
      return new Inputs().with("url").with(url).digest();
    }

    @Override
    public void bring(ClipListener listener) {
      try {
        Path arrived =
            fetch.fetch(
                url,
                Files.createDirectories(folder),
                (bytes, total) ->
                    listener.onProgress(
                        total.isPresent() ? (double) bytes / Math.max(1, total.getAsLong()) : 0, 0),
                cancellation);
        Files.deleteIfExists(path);
        Files.createLink(path, arrived);
      } catch (IOException failure) {
        throw new HalcyonException(
            DiskFailure.codeOf(failure),
            "the source cannot be kept: " + failure.getMessage(),
            failure);
      }
    }

    @Override
    public void cancel() {
      cancellation.cancel();
    }
  }
}
