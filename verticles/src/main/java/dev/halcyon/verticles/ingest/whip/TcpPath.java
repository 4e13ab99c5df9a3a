package dev.halcyon.verticles.ingest.whip;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A connection for a network that lets no UDP through (RFC 6544): datagrams, each after its length
 * in 16 bits (RFC 4571). On the event loop that accepted it.
 */
final class TcpPath implements PeerPath {
  /** No datagram that we know of is larger; a stranger may make us keep as much. */
  private static final int MAX_FRAME_BYTES = 4_096;

  private static final int MAX_UNSENT_BYTES = 64 << 10;

  private final NetSocket socket;
  private final BiConsumer<TcpPath, byte[]> sink;
  private final InetSocketAddress peer;
  private final long openedNs;
  private Buffer rest = Buffer.buffer();

  /**
   * @param sink takes each datagram
   */
  TcpPath(NetSocket socket, long nowNs, BiConsumer<TcpPath, byte[]> sink) {
    this.socket = socket;
    this.sink = sink;
    this.openedNs = nowNs;
    this.peer =
        new InetSocketAddress(
            InetAddress.ofLiteral(socket.remoteAddress().hostAddress()),
            socket.remoteAddress().port());
  }

  void begin(Consumer<TcpPath> onClosed) {
    socket.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
    socket.closeHandler(closed -> onClosed.accept(this));
    socket.exceptionHandler(failure -> socket.close());
    socket.handler(this::onBytes);
  }

  long openedNs() {
    return openedNs;
  }

  private void onBytes(Buffer bytes) {
    Buffer all = rest.length() == 0 ? bytes : rest.appendBuffer(bytes);
    int at = 0;
    while (all.length() - at >= 2) {
      int length = all.getUnsignedShort(at);
      if (length > MAX_FRAME_BYTES) {
        close();
        return;
      }
      if (all.length() - at - 2 < length) {
        break;
      }
      sink.accept(this, all.getBytes(at + 2, at + 2 + length));
      at += 2 + length;
    }
    rest = at == all.length() ? Buffer.buffer() : all.getBuffer(at, all.length()).copy();
  }

  /** To one that does not read, nothing is sent: what we say is worth nothing later. */
  @Override
  public void send(byte[] datagram) {
    if (!socket.writeQueueFull()) {
      socket.write(
          Buffer.buffer(2 + datagram.length)
              .appendUnsignedShort(datagram.length)
              .appendBytes(datagram));
    }
  }

  @Override
  public InetSocketAddress peer() {
    return peer;
  }

  void close() {
    socket.close();
  }
}
