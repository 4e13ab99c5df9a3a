package dev.halcyon.verticles.ingest.rtsp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two sockets of one track: RTP on an even port, RTCP on the next. Takes datagrams of one host
 * only, and of one port of it: the announced one, or, behind a translating router, the first that
 * sends. One event loop; closed with the session.
 */
final class UdpPair implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UdpPair.class);
  private static final int MAX_TRIES = 64;

  /**
   * A large keyframe comes in one burst. Not more, as Vert.x takes a buffer of this size for each
   * datagram, and Netty's pool gives none over 1 MiB.
   */
  private static final int RECEIVE_BYTES = 512 << 10;

  private final UdpPorts ports;
  private final int rtpPort;
  private final Side rtp;
  private final Side rtcp;
  private boolean isClosed;

  /** Where datagrams go. */
  interface Sink {
    /**
     * @param datagram valid during the call
     */
    void onDatagram(ByteBuffer datagram, boolean isControl);
  }

  /**
   * Who may send.
   *
   * @param clientPort of RTP, as it announced it
   */
  record Client(String host, int clientPort) {}

  private UdpPair(UdpPorts ports, int rtpPort, Side rtp, Side rtcp) {
    this.ports = ports;
    this.rtpPort = rtpPort;
    this.rtp = rtp;
    this.rtcp = rtcp;
  }

  /**
   * Binds the next free pair; fails when there is none.
   *
   * @param scratch the event loop's, used within a call only
   */
  static Future<UdpPair> open(
      Vertx vertx, String host, UdpPorts ports, Client client, byte[] scratch, Sink sink) {
    return open(vertx, host, ports, client, scratch, sink, MAX_TRIES);
  }

  private static Future<UdpPair> open(
      Vertx vertx,
      String host,
      UdpPorts ports,
      Client client,
      byte[] scratch,
      Sink sink,
      int tries) {
    OptionalInt lent = ports.lend();
    if (lent.isEmpty()) {
      return Future.failedFuture("no UDP port is free");
    }
    int port = lent.getAsInt();
    Side rtp = new Side(socket(vertx, host), client, client.clientPort(), scratch, sink, false);
    Side rtcp = new Side(socket(vertx, host), client, client.clientPort() + 1, scratch, sink, true);
    return Future.all(rtp.listen(host, port), rtcp.listen(host, port + 1))
        .map(bound -> new UdpPair(ports, port, rtp, rtcp))
        .recover(
            taken ->
                Future.join(rtp.close(), rtcp.close())
                    .transform(
                        closed -> {
                          ports.giveBack(port);
                          return tries > 1
                              ? open(vertx, host, ports, client, scratch, sink, tries - 1)
                              : Future.failedFuture(taken);
                        }));
  }

  private static DatagramSocket socket(Vertx vertx, String host) {
    return vertx.createDatagramSocket(
        new DatagramSocketOptions()
            .setReceiveBufferSize(RECEIVE_BYTES)
            .setIpV6(host.contains(":")));
  }

  int rtpPort() {
    return rtpPort;
  }

  /** Sends to where RTCP comes from, or should. */
  void sendRtcp(byte[] packet) {
    if (!isClosed) {
      rtcp.send(packet);
    }
  }

  /** The ports are lent again only once they are free. */
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      Future.join(rtp.close(), rtcp.close()).onComplete(done -> ports.giveBack(rtpPort));
    }
  }

  /** One of the two sockets. */
  private static final class Side {
    private final DatagramSocket socket;
    private final String peerHost;
    private final byte[] scratch;
    private final Sink sink;
    private final boolean isControl;
    private int peerPort;
    private boolean isPeerKnown;

    Side(
        DatagramSocket socket,
        Client client,
        int peerPort,
        byte[] scratch,
        Sink sink,
        boolean isControl) {
      this.socket = socket;
      this.peerHost = client.host();
      this.peerPort = peerPort;
      this.scratch = scratch;
      this.sink = sink;
      this.isControl = isControl;
    }

    Future<DatagramSocket> listen(String host, int port) {
      socket.handler(this::onPacket);
      socket.exceptionHandler(failure -> log.debug("UDP socket failed", failure));
      return socket.listen(port, host);
    }

    private void onPacket(DatagramPacket packet) {
      int port = packet.sender().port();
      boolean isPeer =
          packet.sender().hostAddress().equals(peerHost) && (!isPeerKnown || port == peerPort);
      Buffer data = packet.data();
      if (isPeer && data.length() <= scratch.length) {
        isPeerKnown = true;
        peerPort = port;
        data.getBytes(0, data.length(), scratch, 0);
        sink.onDatagram(ByteBuffer.wrap(scratch, 0, data.length()), isControl);
      }
    }

    void send(byte[] packet) {
      socket.send(Buffer.buffer(packet), peerPort, peerHost);
    }

    Future<Void> close() {
      return socket.close();
    }
  }
}
