package dev.halcyon.verticles.ingest.whip;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** From our socket to one address. Two to the same address are equal. */
final class UdpPath implements PeerPath {
  private final DatagramSocket socket;
  private final SocketAddress address;

  UdpPath(DatagramSocket socket, SocketAddress address) {
    this.socket = socket;
    this.address = address;
  }

  /** What the network does not take is lost, as on the way. */
  @Override
  public void send(byte[] datagram) {
    socket.send(Buffer.buffer(datagram), address.port(), address.hostAddress());
  }

  @Override
  public InetSocketAddress peer() {
    return new InetSocketAddress(InetAddress.ofLiteral(address.hostAddress()), address.port());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UdpPath path && path.address.equals(address);
  }

  @Override
  public int hashCode() {
    return address.hashCode();
  }
}
