package dev.halcyon.verticles.ingest.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UdpPairTest {
  private static final RtspOptions.PortRange PORTS = new RtspOptions.PortRange(41_000, 41_199);

  @Test
  void listensOnAnAddressOfIpv6() throws Exception {
    boolean hasIpv6 = NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null;
    Assumptions.assumeTrue(hasIpv6, "this machine has no IPv6");
    Vertx vertx = Vertx.vertx();
    try {
      UdpPorts ports = new UdpPorts(PORTS);
      UdpPair.Client client = new UdpPair.Client("::1", 9);
      UdpPair pair =
          UdpPair.open(vertx, "::1", ports, client, new byte[1500], (datagram, isControl) -> {})
              .await(20, TimeUnit.SECONDS);
      assertEquals(0, pair.rtpPort() % 2);
      assertEquals(1, ports.lentPairs());
      pair.close();
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }
}
