package dev.halcyon.verticles.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands between a publisher and a node on loopback. Once cut it carries nothing more, and neither
 * end hears of it: as when a cable is pulled.
 */
final class SilentWire implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean isCut;

  SilentWire(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::connect);
  }

  int port() {
    return listener.getLocalPort();
  }

  void cut() {
    isCut = true;
  }

  private void connect() {
    try {
      Socket near = listener.accept();
      sockets.add(near);
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(far);
      Thread.ofVirtual().start(() -> carry(near, far));
      carry(far, near);
    } catch (IOException closed) {
      isCut = true;
    }
  }

  /** Swallows what comes after the cut. */
  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[16 << 10];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!isCut) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException closed) {
      isCut = true;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
