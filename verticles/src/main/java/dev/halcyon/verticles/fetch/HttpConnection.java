package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to an address that was checked, through TLS where the scheme says so: certificate
 * and SNI are those of the name, the bytes go to the checked address. Blocking; one thread, but
 * closed by any.
 */
final class HttpConnection implements Closeable {
  /** Of a host's addresses so many are tried. */
  private static final int MAX_ADDRESSES = 4;

  private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  private final Socket raw;
  private InputStream in;
  private OutputStream out;

  private HttpConnection(Socket raw) {
    this.raw = raw;
  }

  /**
   * @throws HalcyonException NETWORK_LOST
   */
  static HttpConnection open(
      Target target,
      Optional<HttpProxy> proxy,
      SSLSocketFactory tls,
      HttpLimits limits,
      Cancellation cancellation) {
    IOException last = new IOException("no address");
    List<InetAddress> addresses =
        target.addresses().subList(0, Math.min(MAX_ADDRESSES, target.addresses().size()));
    for (InetAddress address : addresses) {
      cancellation.requireNotCancelled();
      HttpConnection connection = new HttpConnection(new Socket());
      cancellation.closes(connection);
      try {
        connection.connect(new InetSocketAddress(address, target.port()), proxy, limits);
        connection.secure(target, tls, limits);
        return connection;
      } catch (IOException failure) {
        cancellation.forget(connection);
        connection.close();
        last = failure;
      }
    }
    cancellation.requireNotCancelled();
    throw new HalcyonException(
        ErrorCode.NETWORK_LOST,
        "no connection to " + target.authority() + ": " + last.getMessage(),
        last);
  }

  private void connect(InetSocketAddress to, Optional<HttpProxy> proxy, HttpLimits limits)
      throws IOException {
    int timeoutMs = (int) limits.connect().toMillis();
    raw.setTcpNoDelay(true);
    raw.setSoTimeout(timeoutMs);
    raw.connect(
        proxy.map(through -> new InetSocketAddress(through.host(), through.port())).orElse(to),
        timeoutMs);
    in = new BufferedInputStream(raw.getInputStream(), 32 << 10);
    out = raw.getOutputStream();
    if (proxy.isPresent()) {
      tunnel(to, proxy.get(), limits);
    }
  }

  private void tunnel(InetSocketAddress to, HttpProxy proxy, HttpLimits limits) throws IOException {
    String literal = to.getAddress().getHostAddress();
    String place = (literal.contains(":") ? "[" + literal + "]" : literal) + ":" + to.getPort();
    String credentials =
        proxy.authorization().map(value -> "Proxy-Authorization: " + value + "\r\n").orElse("");
    send("CONNECT " + place + " HTTP/1.1\r\nHost: " + place + "\r\n" + credentials + "\r\n");
    HttpHead head = HttpHead.read(in, limits);
    if (head.status() != 200) {
      throw new IOException("the proxy refused with " + head.status());
    }
  }

  private void secure(Target target, SSLSocketFactory tls, HttpLimits limits) throws IOException {
    if (target.isTls()) {
      // The dot of a name's end is no part of what certificates and SNI call it (RFC 6066, 3).
      String name = target.host().replaceFirst("\\.$", "");
      SSLSocket secured = (SSLSocket) tls.createSocket(raw, name, target.port(), true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      if (!LITERAL.matcher(name).matches()) {
        parameters.setServerNames(List.of(serverName(name)));
      }
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      in = new BufferedInputStream(secured.getInputStream(), 32 << 10);
      out = secured.getOutputStream();
    }
    raw.setSoTimeout((int) limits.silence().toMillis());
  }

  private static SNIHostName serverName(String name) throws IOException {
    try {
      return new SNIHostName(name);
    } catch (IllegalArgumentException malformed) {
      throw new IOException("not a name for TLS: " + name, malformed);
    }
  }

  InputStream in() {
    return in;
  }

  void send(String head) throws IOException {
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  OutputStream out() {
    return out;
  }

  /** The peer is not waited for: another thread may be reading. */
  @Override
  public void close() {
    try {
      raw.close();
    } catch (IOException failure) {
      log.trace("closed with a failure: {}", failure.getMessage());
    }
  }
}
