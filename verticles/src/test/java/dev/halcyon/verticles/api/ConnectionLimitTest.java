package dev.halcyon.verticles.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class ConnectionLimitTest {
  private static final byte[] REQUEST =
      "GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;

  @Test
  void closesConnectionsBeyondTheLimitUntilOthersEnd(Database database) throws IOException {
    ApiOptions two = new ApiOptions("127.0.0.1", 0, Set.of(), Set.of(), 2);
    try (TestServer server = TestServer.start(database, folder, two);
        Socket first = connect(server);
        Socket silent = connect(server)) {
      assertTrue(isServed(first));
      try (Socket third = connect(server)) {
        assertFalse(isServed(third));
      }
      silent.shutdownOutput();
      long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      boolean isServed = false;
      while (!isServed && System.nanoTime() - deadlineNs < 0) {
        try (Socket next = connect(server)) {
          isServed = isServed(next);
        }
      }
      assertTrue(isServed, "a place that became free is not given away");
    }
  }

  private static Socket connect(TestServer server) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static boolean isServed(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write(REQUEST);
      return socket.getInputStream().read() >= 0;
    } catch (SocketException reset) {
      return false;
    }
  }
}
