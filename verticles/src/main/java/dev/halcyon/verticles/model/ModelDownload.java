package dev.halcyon.verticles.model;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Fetches files of models. What was received stays in a {@code .part} file when it is interrupted,
 * and is gone on with where the server can; only a whole file with the right hash becomes the
 * model's. Blocking; one thread.
 */
final class ModelDownload {
  /** More than the largest of any model. */
  private static final long MOST_BYTES = 16L << 30;

  private static final int BUFFER_BYTES = 256 << 10;
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  private final HttpClient client;
  private final ModelFolder folder;

  /** Is told how far a file has come. */
  interface Listener {
    void progress(long bytes, OptionalLong ofBytes);
  }

  ModelDownload(ModelFolder folder) {
    this.folder = folder;
    // To https again, never from there to http.
    client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
  }

  /**
   * @return the hash of the file, which is now in its place
   * @throws HalcyonException NETWORK_LOST when it may be tried again; MODEL_UNAVAILABLE when what
   *     comes is not the file; IO_FAILED, INSUFFICIENT_STORAGE; CANCELLED when interrupted
   */
  String fetch(ModelEntry entry, ModelFile file, Listener listener) {
    URI url =
        file.url()
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.MODEL_UNAVAILABLE,
                        "the model " + entry.name() + " can only be imported: " + entry.note()));
    Path part = folder.partOf(entry, file);
    try {
      Files.createDirectories(part.getParent());
      receive(url, file, part, listener);
    } catch (HalcyonException refused) {
      forget(part, refused);
      throw refused;
    } catch (IOException failure) {
      throw Files.isWritable(part.getParent())
          ? new HalcyonException(
              ErrorCode.NETWORK_LOST,
              "fetching from " + url.getHost() + " broke off: " + failure + "; try again to go on",
              failure)
          : ModelFolder.failed(failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new HalcyonException(ErrorCode.CANCELLED, "stopped", stopped);
    }
    return folder.adopt(entry, file, part);
  }

  /** What is not the file is not gone on with. */
  private static void forget(Path part, HalcyonException refused) {
    try {
      if (refused.code() == ErrorCode.MODEL_UNAVAILABLE) {
        Files.deleteIfExists(part);
      }
    } catch (IOException failure) {
      refused.addSuppressed(failure);
    }
  }

  private void receive(URI url, ModelFile file, Path part, Listener listener)
      throws IOException, InterruptedException {
    Path tagFile = part.resolveSibling(part.getFileName() + ".etag");
    long had = Files.exists(part) ? Files.size(part) : 0;
    Optional<String> tag =
        Files.exists(tagFile) ? Optional.of(Files.readString(tagFile)) : Optional.empty();
    // Without a known hash only the server can say whether the beginning is still that of its file.
    boolean isResumed = had > 0 && (tag.isPresent() || file.sha256().isPresent());
    HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(ANSWER_LIMIT);
    if (isResumed) {
      request.header("Range", "bytes=" + had + "-");
      tag.ifPresent(value -> request.header("If-Range", value));
    }
    HttpResponse<InputStream> answer =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (isResumed && answer.statusCode() == RANGE_NOT_SATISFIABLE) {
        requireWhole(answer, had);
        Files.deleteIfExists(tagFile);
        return;
      }
      boolean goesOn = answer.statusCode() == PARTIAL && isRest(answer, had);
      if (!goesOn && answer.statusCode() != OK) {
        throw new HalcyonException(
            ErrorCode.NETWORK_LOST, url.getHost() + " answers " + answer.statusCode() + ": " + url);
      }
      Optional<String> fresh = answer.headers().firstValue("ETag").filter(t -> t.startsWith("\""));
      if (fresh.isPresent()) {
        Files.writeString(tagFile, fresh.get());
      } else {
        Files.deleteIfExists(tagFile);
      }
      write(body, answer, file, part, goesOn ? had : 0, listener);
    }
    Files.deleteIfExists(tagFile);
  }

  /** There is nothing after what was received: then that is the file. */
  private static void requireWhole(HttpResponse<?> answer, long had) {
    if (!answer.headers().firstValue("Content-Range").orElse("").equals("bytes */" + had)) {
      throw new HalcyonException(
          ErrorCode.MODEL_UNAVAILABLE, "what was fetched before is not the begin of this file");
    }
  }

  private static boolean isRest(HttpResponse<?> answer, long had) {
    return answer.headers().firstValue("Content-Range").orElse("").startsWith("bytes " + had + "-");
  }

  private static void write(
      InputStream body,
      HttpResponse<?> answer,
      ModelFile file,
      Path part,
      long had,
      Listener listener)
      throws IOException {
    OptionalLong rest = answer.headers().firstValueAsLong("Content-Length");
    OptionalLong whole = rest.isPresent() ? OptionalLong.of(had + rest.getAsLong()) : file.bytes();
    long most = file.bytes().orElse(MOST_BYTES);
    try (OutputStream out =
        had > 0
            ? Files.newOutputStream(part, StandardOpenOption.APPEND)
            : Files.newOutputStream(part)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      long bytes = had;
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        bytes += read;
        if (bytes > most) {
          throw new HalcyonException(
              ErrorCode.MODEL_UNAVAILABLE,
              "refused: " + file.name() + " has more than the " + most + " bytes that it should");
        }
        out.write(buffer, 0, read);
        listener.progress(bytes, whole);
      }
    }
  }
}
