package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.HalcyonException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy on loopback for a program that we start: it asks us to connect, and we do so only where
 * the {@link AddressGuard} allows. So the program never looks a name up, and a page cannot lead it
 * into our own network. Closed by who opened it.
 */
final class GuardedProxy implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(GuardedProxy.class);
  private static final Pattern CONNECT =
      Pattern.compile("CONNECT (\\[?[0-9A-Za-z_.:-]+\\]?:\\d{1,5}) HTTP/1\\.[01]");
  private static final Pattern PLAIN =
      Pattern.compile("([A-Z]{3,10}) (http://[\\x21-\\x7e]+) HTTP/1\\.[01]");
  private static final int MAX_CONNECTIONS = 64;

  private final AddressGuard guard;
  private final HttpLimits limits;
  private final Optional<HttpProxy> upstream;
  private final ServerSocket server;
  private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
  private final Cancellation cancellation = new Cancellation();

  private GuardedProxy(
      AddressGuard guard, HttpLimits limits, Optional<HttpProxy> upstream, ServerSocket server) {
    this.guard = guard;
    this.limits = limits;
    this.upstream = upstream;
    this.server = server;
  }

  /**
   * @param upstream through which it connects itself
   */
  static GuardedProxy open(AddressGuard guard, HttpLimits limits, Optional<HttpProxy> upstream)
      throws IOException {
    ServerSocket server = new ServerSocket(0, MAX_CONNECTIONS, InetAddress.getLoopbackAddress());
    GuardedProxy proxy = new GuardedProxy(guard, limits, upstream, server);
    Thread.ofVirtual().name("guarded-proxy").start(proxy::accept);
    return proxy;
  }

  /** As programs are given it. */
  String url() {
    return "http://" + server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (room.tryAcquire()) {
          open.add(client);
          Thread.ofVirtual().name("guarded-proxy-up").start(() -> serve(client));
        } else {
          client.close();
        }
      } catch (IOException closed) {
        log.trace("no more connections: {}", closed.getMessage());
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      serveOne(client);
    } catch (IOException | IllegalArgumentException ended) {
      log.debug("a program's connection ended: {}", ended.getMessage());
    } finally {
      open.remove(client);
      room.release();
    }
  }

  private void serveOne(Socket client) throws IOException {
    client.setSoTimeout((int) limits.silence().toMillis());
    InputStream in = new BufferedInputStream(client.getInputStream());
    LineBudget budget = new LineBudget(limits.headBytes(), limits.silence());
    String first = budget.line(in);
    Matcher connect = CONNECT.matcher(first);
    Matcher plain = PLAIN.matcher(first);
    try {
      if (connect.matches()) {
        skipFields(budget, in);
        tunnel(URI.create("http://" + connect.group(1)), "", client, in);
      } else if (plain.matches()) {
        URI uri = URI.create(plain.group(2));
        tunnel(uri, requestOf(plain.group(1), guard.check(uri), budget, in), client, in);
      } else {
        answer(client, "400 Bad Request");
      }
    } catch (HalcyonException refused) {
      log.debug("a program was refused a connection: {}", refused.getMessage());
      answer(client, "403 Forbidden");
    }
  }

  private static void skipFields(LineBudget budget, InputStream in) throws IOException {
    String line = budget.line(in);
    while (!line.isEmpty()) {
      line = budget.line(in);
    }
  }

  /** The request as the server wants it, and one only on a connection. */
  private static String requestOf(String method, Target target, LineBudget budget, InputStream in)
      throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target.pathAndQuery()).append(" HTTP/1.1\r\n");
    for (String line = budget.line(in); !line.isEmpty(); line = budget.line(in)) {
      if (!line.matches("(?i)(proxy-)?connection:.*|keep-alive:.*|proxy-authorization:.*")) {
        head.append(line).append("\r\n");
      }
    }
    return head.append("Connection: close\r\n\r\n").toString();
  }

  private void tunnel(URI uri, String head, Socket client, InputStream in) throws IOException {
    // What it is silent for is its own affair from here on; the server's silence still counts.
    client.setSoTimeout(0);
    HttpConnection connection =
        HttpConnection.open(
            guard.check(uri),
            upstream,
            (SSLSocketFactory) SSLSocketFactory.getDefault(),
            limits,
            cancellation);
    try (connection) {
      if (head.isEmpty()) {
        answer(client, "200 Connected");
      } else {
        connection.send(head);
      }
      OutputStream toClient = client.getOutputStream();
      Thread down =
          Thread.ofVirtual()
              .name("guarded-proxy-down")
              .start(() -> pump(connection.in(), toClient, client));
      pump(in, connection.out(), connection);
      down.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      cancellation.forget(connection);
    }
  }

  /** Copies until one side ends; then the other is closed too. */
  private void pump(InputStream from, OutputStream to, Closeable other) {
    byte[] chunk = new byte[16 << 10];
    try (other) {
      for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
        to.write(chunk, 0, count);
      }
    } catch (IOException ended) {
      log.trace("a side of a tunnel ended: {}", ended.getMessage());
    }
  }

  private static void answer(Socket client, String status) throws IOException {
    client
        .getOutputStream()
        .write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    cancellation.cancel();
    server.close();
    for (Closeable each : open) {
      each.close();
    }
  }
}
