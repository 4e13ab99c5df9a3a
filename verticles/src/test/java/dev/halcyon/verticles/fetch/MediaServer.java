package dev.halcyon.verticles.fetch;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on loopback that says of each request what it was. Closed by its maker. */
public final class MediaServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  public MediaServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  /** Answers a path and all below it. */
  public MediaServer on(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          Headers asked = exchange.getRequestHeaders();
          String range = asked.getFirst("Range");
          requests.add(exchange.getRequestURI() + (range == null ? "" : " " + range));
          try (exchange) {
            handler.handle(exchange);
          }
        });
    return this;
  }

  /** A handler that gives a whole body. */
  public static HttpHandler giving(int status, String contentType, byte[] body) {
    return exchange -> {
      try (exchange) {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
      }
    };
  }

  static HttpHandler redirecting(String to) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", to);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** A file by range, of which each answer breaks off after so many bytes but the last few. */
  static HttpHandler breaking(byte[] file, int everyBytes, String tag, AtomicInteger answers) {
    return exchange -> {
      answers.incrementAndGet();
      String range = exchange.getRequestHeaders().getFirst("Range");
      boolean isSame = tag.equals(exchange.getRequestHeaders().getFirst("If-Range"));
      int from = range != null && isSame ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
      exchange.getResponseHeaders().set("ETag", tag);
      if (from > 0) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
      int count = Math.min(everyBytes, file.length - from);
      exchange.getResponseBody().write(file, from, count);
      if (count < file.length - from) {
        breakOff(exchange);
      }
    };
  }

  private static void breakOff(HttpExchange exchange) throws IOException {
    exchange.getResponseBody().flush();
    throw new IOException("broken off on purpose");
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  /** Path and range of each request so far. */
  public List<String> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
