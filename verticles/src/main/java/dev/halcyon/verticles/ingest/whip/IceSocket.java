package dev.halcyon.verticles.ingest.whip;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One port for all sessions, by UDP and by TCP. On the event loop that opens it. */
final class IceSocket {
  /**
   * A burst of keyframes of several publishers. Not more, as Vert.x takes a buffer of this size for
   * each datagram, and Netty's pool gives none over 1 MiB.
   */
  private static final int RECEIVE_BUFFER_BYTES = 512 << 10;

  /** Any free UDP port is likely free for TCP, too. */
  private static final int PORT_ATTEMPTS = 8;

  private final Vertx vertx;
  private final String host;
  private DatagramSocket udp;
  private NetServer tcp;

  IceSocket(Vertx vertx, String host) {
    this.vertx = vertx;
    this.host = host;
  }

  /**
   * @return the port
   */
  Future<Integer> listen(
      int port, BiConsumer<PeerPath, byte[]> datagrams, Consumer<NetSocket> connections) {
    return listen(port, datagrams, connections, port == 0 ? PORT_ATTEMPTS : 1);
  }

  private Future<Integer> listen(
      int port,
      BiConsumer<PeerPath, byte[]> datagrams,
      Consumer<NetSocket> connections,
      int attempts) {
    DatagramSocket socket =
        vertx.createDatagramSocket(
            new DatagramSocketOptions()
                .setIpV6(host.contains(":"))
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES));
    NetServer server =
        vertx
            .createNetServer(new NetServerOptions().setTcpNoDelay(true))
            .connectHandler(connections::accept);
    return socket
        .listen(port, host)
        .compose(
            listening -> {
              listening.handler(packet -> onPacket(listening, packet, datagrams));
              int taken = listening.localAddress().port();
              return server
                  .listen(taken, host)
                  .map(taken)
                  .onSuccess(
                      both -> {
                        udp = listening;
                        tcp = server;
                      });
            })
        .recover(
            failure ->
                socket
                    .close()
                    .transform(
                        closed ->
                            attempts > 1
                                ? listen(port, datagrams, connections, attempts - 1)
                                : Future.failedFuture(failure)));
  }

  private static void onPacket(
      DatagramSocket socket, DatagramPacket packet, BiConsumer<PeerPath, byte[]> datagrams) {
    datagrams.accept(new UdpPath(socket, packet.sender()), packet.data().getBytes());
  }

  Future<Void> close() {
    return tcp.close().eventually(() -> udp.close());
  }
}
