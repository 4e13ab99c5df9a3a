package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.ByteFeed;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.HttpFetch;
import dev.halcyon.verticles.fetch.HttpReply;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.util.Optional;

/**
 * What an address gives over HTTP: a file, in which one can go to a place when its server gives
 * parts, or a stream without end. One thread; closed by who opened it.
 */
final class HttpFileFeed implements ByteFeed, AutoCloseable {
  private final GuardedHttp http;
  private final Cancellation cancellation;
  private final URI uri;
  private final long lengthBytes;
  private HttpReply reply;
  private PushbackInputStream body;
  private final Optional<String> tag;
  private long position;

  /** Where a connection broke last: a second time there is the end. */
  private long brokeAt = UNKNOWN;

  /**
   * @param reply to a request for all of it; closed with this
   * @param body its body, from which nothing is missing
   */
  HttpFileFeed(
      GuardedHttp http, HttpReply reply, PushbackInputStream body, Cancellation cancellation)
      throws IOException {
    this.http = http;
    this.cancellation = cancellation;
    this.reply = reply;
    this.body = body;
    this.uri = reply.uri();
    this.tag = reply.strongTag();
    boolean givesParts = reply.field("accept-ranges").orElse("").equals("bytes");
    this.lengthBytes = givesParts ? reply.bodyBytes().orElse(UNKNOWN) : UNKNOWN;
  }

  /**
   * A file whose connection broke is gone on with: it is taken slowly, and servers tire of that.
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      return readOnce(into, offset, length);
    } catch (IOException broken) {
      cancellation.requireNotCancelled();
      if (lengthBytes == UNKNOWN || position == brokeAt) {
        throw broken;
      }
      brokeAt = position;
      reopen();
      return readOnce(into, offset, length);
    }
  }

  private int readOnce(byte[] into, int offset, int length) throws IOException {
    int count = body.read(into, offset, length);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void seek(long target) throws IOException {
    if (target != position) {
      position = target;
      reopen();
    }
  }

  private void reopen() throws IOException {
    reply.close();
    if (position >= lengthBytes) {
      body = new PushbackInputStream(InputStream.nullInputStream());
      return;
    }
    HttpFetch rest = HttpFetch.whole(uri).range(position, -1);
    reply = http.get(tag.isPresent() ? rest.ifTag(tag) : rest, cancellation);
    if (reply.status() != (position == 0 ? 200 : 206)) {
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST, uri.getHost() + " answered " + reply.status() + " for a part");
    }
    body = new PushbackInputStream(reply.body());
  }

  @Override
  public void close() {
    reply.close();
  }
}
