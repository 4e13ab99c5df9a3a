package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.HttpFetch;
import dev.halcyon.verticles.fetch.HttpReply;
import dev.halcyon.verticles.fetch.PageVideo;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;

/** Opens what the address of a source means. Blocking; any thread. */
final class PullInputs {
  private static final byte[] PLAYLIST = "#EXTM3U".getBytes(StandardCharsets.US_ASCII);

  private final GuardedHttp http;
  private final PageVideo pages;
  private final PullOptions options;

  PullInputs(GuardedHttp http, PageVideo pages, PullOptions options) {
    this.http = Objects.requireNonNull(http, "http");
    this.pages = Objects.requireNonNull(pages, "pages");
    this.options = Objects.requireNonNull(options, "options");
  }

  /**
   * @param alerts told a code and a sentence for the stream's owner
   * @throws HalcyonException whatever it is that cannot be pulled, or not now
   */
  PullInput open(String url, Cancellation cancellation, BiConsumer<String, String> alerts) {
    try {
      URI uri = URI.create(URI.create(url).toASCIIString());
      return switch (String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT)) {
        case "file" -> OneRun.of(LocalFileFeed.open(uri, options.folder()));
        case "http", "https" -> overHttp(uri, cancellation, alerts);
        case String other ->
            throw new HalcyonException(ErrorCode.SOURCE_REFUSED, other + " is not pulled");
      };
    } catch (IllegalArgumentException malformed) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "the source has no address", malformed);
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST, String.valueOf(failure.getMessage()), failure);
    }
  }

  private PullInput overHttp(URI uri, Cancellation cancellation, BiConsumer<String, String> alerts)
      throws IOException {
    boolean isPage = uri.getHost() != null && options.pageHosts().contains(uri.getHost());
    URI media = isPage ? pages.liveAddress(uri, cancellation) : uri;
    HttpReply reply = http.get(HttpFetch.whole(media), cancellation);
    try {
      requireMedia(reply);
      PushbackInputStream body = new PushbackInputStream(reply.body(), PLAYLIST.length);
      byte[] first = body.readNBytes(PLAYLIST.length);
      body.unread(first);
      if (!Arrays.equals(first, PLAYLIST)) {
        return OneRun.of(new HttpFileFeed(http, reply, body, cancellation));
      }
      String text = new String(body.readNBytes(SmallFetch.MAX_TEXT_BYTES), StandardCharsets.UTF_8);
      reply.close();
      return hls(new SmallFetch.Text(text, reply.uri()), cancellation, alerts);
    } catch (IOException | RuntimeException failure) {
      reply.close();
      throw failure;
    }
  }

  private static void requireMedia(HttpReply reply) {
    int status = reply.status();
    if (status != 200) {
      throw new HalcyonException(
          status == 404 ? ErrorCode.NOT_FOUND : ErrorCode.NETWORK_LOST,
          reply.uri().getHost() + " answered " + status);
    }
    if (reply.field("content-type").orElse("").startsWith("text/html")) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "the address gives a page; yt-dlp and streamlink are sent to the pages of"
              + " jobs.sources.hosts only");
    }
  }

  private PullInput hls(
      SmallFetch.Text first, Cancellation cancellation, BiConsumer<String, String> alerts) {
    SmallFetch fetch = new SmallFetch(http, cancellation);
    HlsPlaylist list = HlsParser.parse(first.text(), first.uri());
    URI uri = first.uri();
    if (list instanceof HlsPlaylist.Master master) {
      HlsPlaylist.Variant best = master.best(options.maxHeightPx(), options.maxBitrateBps());
      if (best.isSoundApart()) {
        alerts.accept("TRACK_REFUSED", "sound in a playlist of its own is not taken");
      }
      SmallFetch.Text text = fetch.text(best.uri());
      list = HlsParser.parse(text.text(), text.uri());
      uri = best.uri();
    }
    if (!(list instanceof HlsPlaylist.Media media)) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "a playlist of playlists of playlists");
    }
    return new HlsInput(fetch, new HlsSegments(fetch, uri, media, cancellation, alerts), alerts);
  }
}
