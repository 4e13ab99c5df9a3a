package dev.halcyon.verticles.fetch;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/** An answer whose body is still to be read; closed by who asked. One thread. */
public final class HttpReply implements Closeable {
  private final URI uri;
  private final HttpHead head;
  private final HttpBody body;
  private final HttpConnection connection;
  private final Cancellation cancellation;

  HttpReply(URI uri, HttpHead head, HttpConnection connection, Cancellation cancellation)
      throws IOException {
    this.uri = uri;
    this.head = head;
    this.body = new HttpBody(connection.in(), head);
    this.connection = connection;
    this.cancellation = cancellation;
  }

  /** What answered, after all redirects. */
  public URI uri() {
    return uri;
  }

  public int status() {
    return head.status();
  }

  public Optional<String> field(String name) {
    return head.field(name);
  }

  /** What is sure to differ when the content does. */
  public Optional<String> strongTag() {
    return head.strongTag();
  }

  HttpHead head() {
    return head;
  }

  /** Bytes of this body; empty when only its end tells. */
  public OptionalLong bodyBytes() throws IOException {
    return head.contentLength();
  }

  public InputStream body() {
    return body;
  }

  @Override
  public void close() {
    cancellation.forget(connection);
    connection.close();
  }
}
