package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStartTest {
  @TempDir Path dir;

  @Test
  void aTakenPortIsTheOperatorsToMendAndIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      NodeConfig config =
          NodeConfig.load(
              Optional.empty(),
              Map.of(
                  "HALCYON_DATA_DIR", dir.toString(),
                  "HALCYON_HTTP_PORT", "0",
                  "HALCYON_RTMP_PORT", "0",
                  "HALCYON_RTSP_PORT", "0",
                  "HALCYON_WHIP_PORT", "0",
                  "HALCYON_MANAGEMENT_HOST", "127.0.0.1",
                  "HALCYON_MANAGEMENT_PORT", port));

      ConfigException refused =
          assertThrows(ConfigException.class, () -> NodeStart.of(config).close());

      assertTrue(refused.getMessage().contains("management.port"), refused.getMessage());
      assertTrue(refused.getMessage().contains("127.0.0.1:" + port), refused.getMessage());
    }
  }
}
