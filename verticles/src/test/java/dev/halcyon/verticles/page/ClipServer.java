package dev.halcyon.verticles.page;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves a document, and one clip to the player in it, in ranges. */
final class ClipServer implements AutoCloseable {
  private final HttpServer server;
  private final String document;
  private volatile Path clip;
  private volatile String contentType = "video/mp4";

  private ClipServer(HttpServer server, String document) {
    this.server = server;
    this.document = document;
  }

  /**
   * @param document HTML; finds the clip under {@code clip}
   */
  static ClipServer start(String document) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ClipServer made = new ClipServer(server, document);
    server.createContext("/", made::answer);
    server.start();
    return made;
  }

  void show(Path file, String type) {
    clip = file;
    contentType = type;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean isClip = exchange.getRequestURI().getPath().equals("/clip");
    byte[] body = isClip ? Files.readAllBytes(clip) : document.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", isClip ? contentType : "text/html");
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    if (isClip && range != null) {
      from = Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
      exchange
          .getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (body.length - 1) + "/" + body.length);
    }
    exchange.sendResponseHeaders(isClip && range != null ? 206 : 200, body.length - from);
    exchange.getResponseBody().write(body, from, body.length - from);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
