package dev.halcyon.verticles.ingest.rtmp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A socket that sends what it is told. */
final class RawClient implements AutoCloseable {
  private static final int DEADLINE_MS = 20_000;

  private final Socket socket;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(DEADLINE_MS);
    socket.setTcpNoDelay(true);
  }

  RawClient send(ClientBytes bytes) throws IOException {
    socket.getOutputStream().write(bytes.toArray());
    return this;
  }

  /** Waits until the server has said this. */
  RawClient awaitText(String text) throws IOException {
    byte[] piece = new byte[4_096];
    while (!text().contains(text)) {
      int n = socket.getInputStream().read(piece);
      if (n < 0) {
        throw new AssertionError("closed before " + text + ", after: " + text());
      }
      received.write(piece, 0, n);
    }
    return this;
  }

  /** Waits until the server closes; gives all that it has sent. */
  String awaitClose() throws IOException {
    byte[] piece = new byte[4_096];
    try {
      for (int n; (n = socket.getInputStream().read(piece)) >= 0; ) {
        received.write(piece, 0, n);
      }
    } catch (SocketException reset) {
      // A reset closes as well.
      return text();
    }
    return text();
  }

  private String text() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
