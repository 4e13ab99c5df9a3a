package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.HttpFetch;
import dev.halcyon.verticles.fetch.HttpReply;
import dev.halcyon.verticles.ingest.pull.HlsPlaylist.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Gets what is small enough to be held: playlists, keys, segments. Blocking; one thread. */
final class SmallFetch {
  static final int MAX_TEXT_BYTES = 4 << 20;

  /** Ten seconds of 25 Mb/s. */
  private static final int MAX_SEGMENT_BYTES = 32 << 20;

  private static final int TRIES = 3;
  private static final Duration BETWEEN = Duration.ofMillis(300);

  private final GuardedHttp http;
  private final Cancellation cancellation;

  SmallFetch(GuardedHttp http, Cancellation cancellation) {
    this.http = http;
    this.cancellation = cancellation;
  }

  /** Text, and what it was got from after redirects. */
  record Text(String text, URI uri) {}

  /**
   * @throws HalcyonException NETWORK_LOST and others, of the last of three tries
   */
  Text text(URI uri) {
    return tried(
        () -> {
          try (HttpReply reply = http.get(HttpFetch.whole(uri), cancellation)) {
            return textOf(reply);
          }
        });
  }

  /** The body of an answer that is there already. */
  static Text textOf(HttpReply reply) throws IOException {
    byte[] body = body(reply, MAX_TEXT_BYTES);
    return new Text(new String(body, StandardCharsets.UTF_8), reply.uri());
  }

  /**
   * @throws HalcyonException NETWORK_LOST and others, of the last of three tries
   */
  byte[] bytes(Part part) {
    long last = part.lengthBytes() == Part.ALL ? -1 : part.fromByte() + part.lengthBytes() - 1;
    HttpFetch fetch = HttpFetch.whole(part.uri()).range(part.fromByte(), last);
    return tried(
        () -> {
          try (HttpReply reply = http.get(fetch, cancellation)) {
            byte[] body = body(reply, MAX_SEGMENT_BYTES);
            if (last >= 0 && (reply.status() != 206 || body.length != part.lengthBytes())) {
              throw new HalcyonException(
                  ErrorCode.NETWORK_LOST, "the server does not give parts of files");
            }
            return body;
          }
        });
  }

  private static byte[] body(HttpReply reply, int maxBytes) throws IOException {
    if (reply.status() != 200 && reply.status() != 206) {
      throw new HalcyonException(
          reply.status() == 404 || reply.status() == 410
              ? ErrorCode.NOT_FOUND
              : ErrorCode.NETWORK_LOST,
          reply.uri().getHost() + " answered " + reply.status());
    }
    byte[] body = reply.body().readNBytes(maxBytes + 1);
    if (body.length > maxBytes) {
      throw new HalcyonException(ErrorCode.PAYLOAD_TOO_LARGE, "more than " + maxBytes + " bytes");
    }
    return body;
  }

  /** Something that may fail for a moment. */
  private interface Attempt<T> {
    T run() throws IOException;
  }

  private <T> T tried(Attempt<T> attempt) {
    for (int tries = 1; ; tries++) {
      try {
        return attempt.run();
      } catch (IOException failure) {
        cancellation.requireNotCancelled();
        if (tries == TRIES) {
          throw new HalcyonException(
              ErrorCode.NETWORK_LOST, String.valueOf(failure.getMessage()), failure);
        }
      } catch (HalcyonException failure) {
        if (tries == TRIES || failure.code() != ErrorCode.NETWORK_LOST) {
          throw failure;
        }
      }
      cancellation.await(BETWEEN);
    }
  }
}
