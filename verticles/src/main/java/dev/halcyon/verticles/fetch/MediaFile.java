package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Gets one file over {@link GuardedHttp} into a {@link PartFile}: goes on by {@code Range} when the
 * connection breaks, begins anew when the file has become another. Blocking; one thread.
 */
final class MediaFile {
  private static final int CHUNK_BYTES = 64 << 10;

  /** Without a byte in between. */
  private static final int MAX_BREAKS = 5;

  /** What no video comes as: pages, playlists, and errors in words. */
  private static final Set<String> NOT_MEDIA =
      Set.of(
          "text/html",
          "text/plain",
          "application/xhtml+xml",
          "application/json",
          "application/xml",
          "text/xml",
          "application/vnd.apple.mpegurl",
          "application/x-mpegurl",
          "audio/mpegurl",
          "application/dash+xml");

  private final GuardedHttp http;
  private final long maxBytes;
  private final TryAgain tries;
  private final FetchListener listener;
  private final FetchDeadline limit;

  MediaFile(
      GuardedHttp http,
      long maxBytes,
      TryAgain tries,
      FetchListener listener,
      FetchDeadline limit) {
    this.http = http;
    this.maxBytes = maxBytes;
    this.tries = tries;
    this.listener = listener;
    this.limit = limit;
  }

  /**
   * @throws HalcyonException NOT_FOUND, SOURCE_REFUSED, RATE_LIMITED, NETWORK_LOST,
   *     MEDIA_TOO_LARGE, UNSUPPORTED_MEDIA for what is no file of media, SOURCE_TOO_SLOW, CANCELLED
   */
  void fetch(URI source, PartFile part) throws IOException {
    int breaks = 0;
    while (true) {
      long before = part.bytes();
      try (HttpReply reply = ask(source, part)) {
        if (isComplete(reply, part)) {
          return;
        }
        begin(source, reply, part);
        copy(reply, part);
        return;
      } catch (IOException broken) {
        limit.check();
        breaks = part.bytes() > before ? 0 : breaks + 1;
        if (breaks == MAX_BREAKS) {
          throw new HalcyonException(
              ErrorCode.NETWORK_LOST,
              "the connection broke off " + breaks + " times: " + broken.getMessage(),
              broken);
        }
        limit.cancellation().await(Duration.ofMillis(200L << breaks));
      }
    }
  }

  private HttpReply ask(URI source, PartFile part) throws IOException {
    Optional<String> tag = part.tag(source.toString());
    long fromByte = tag.isPresent() ? part.bytes() : 0;
    return tries.run(
        proxy -> {
          HttpReply reply =
              http.get(
                  HttpFetch.whole(source).range(fromByte, -1).ifTag(tag).through(proxy),
                  limit.cancellation());
          if (TryAgain.isRefusal(reply.status())) {
            Optional<Duration> wait = TryAgain.retryAfter(reply);
            reply.close();
            throw new TryAgain.Refused(reply.status(), wait);
          }
          return reply;
        },
        limit.cancellation());
  }

  /** 416 for a part that begins at the end: nothing is missing. */
  private static boolean isComplete(HttpReply reply, PartFile part) throws IOException {
    return reply.status() == 416
        && part.bytes() > 0
        && reply.field("content-range").orElse("").equals("bytes */" + part.bytes());
  }

  private void begin(URI source, HttpReply reply, PartFile part) throws IOException {
    boolean isRest =
        reply.status() == 206 && reply.head().rangeFromByte().orElse(-1) == part.bytes();
    if (reply.status() == 416 || (reply.status() == 206 && !isRest)) {
      part.begin(source.toString(), Optional.empty());
      throw new IOException("another part than was asked for");
    }
    if (reply.status() != 200 && !isRest) {
      throw refused(reply);
    }
    requireMedia(reply);
    if (!isRest) {
      part.begin(source.toString(), reply.head().strongTag());
    }
  }

  private static HalcyonException refused(HttpReply reply) {
    int status = reply.status();
    ErrorCode code =
        switch (status) {
          case 404, 410 -> ErrorCode.NOT_FOUND;
          case 500, 502, 504 -> ErrorCode.NETWORK_LOST;
          default -> ErrorCode.SOURCE_REFUSED;
        };
    return new HalcyonException(code, reply.uri().getHost() + " answered " + status);
  }

  private static void requireMedia(HttpReply reply) {
    String type =
        reply.field("content-type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (NOT_MEDIA.contains(type)) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "the address gives " + type + " and no video file");
    }
    String coding = reply.field("content-encoding").orElse("identity");
    if (!coding.equals("identity")) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "it comes packed as " + coding);
    }
  }

  private void copy(HttpReply reply, PartFile part) throws IOException {
    OptionalLong body = reply.bodyBytes();
    OptionalLong total = body.isPresent() ? OptionalLong.of(part.bytes() + body.getAsLong()) : body;
    requireRoom(total.orElse(0));
    byte[] chunk = new byte[CHUNK_BYTES];
    RateFloor floor = new RateFloor(System::nanoTime);
    InputStream in = reply.body();
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      requireRoom(part.bytes() + count);
      part.append(chunk, count);
      listener.onBytes(part.bytes(), total);
      limit.check();
      floor.onBytes(count);
    }
    if (part.bytes() == 0) {
      throw new HalcyonException(ErrorCode.NO_MEDIA, "the address gives an empty file");
    }
  }

  private void requireRoom(long bytes) {
    if (bytes > maxBytes) {
      throw FetchDeadline.tooLarge(maxBytes);
    }
  }
}
