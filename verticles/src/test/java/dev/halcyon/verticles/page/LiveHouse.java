package dev.halcyon.verticles.page;

import dev.halcyon.verticles.node.HalcyonNode;
import dev.halcyon.verticles.node.NodeConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A whole node on free ports of this machine, and a browser to use it with. */
final class LiveHouse implements AutoCloseable {
  private final Browser browser;
  private final HalcyonNode node;

  private LiveHouse(Browser browser, HalcyonNode node) {
    this.browser = browser;
    this.node = node;
  }

  /** Skips the calling test on a machine without Chromium. */
  static LiveHouse open(Path dataDir) throws Exception {
    return open(dataDir, Browser.start());
  }

  /**
   * @param browser closed with the house
   */
  static LiveHouse open(Path dataDir, Browser browser) throws Exception {
    try {
      Map<String, String> environment =
          Map.of(
              "HALCYON_DATA_DIR", dataDir.toString(),
              "HALCYON_HTTP_HOST", "127.0.0.1",
              "HALCYON_HTTP_PORT", "0",
              "HALCYON_RTMP_HOST", "127.0.0.1",
              "HALCYON_RTMP_PORT", freePort(),
              "HALCYON_RTSP_HOST", "127.0.0.1",
              "HALCYON_RTSP_PORT", "0",
              "HALCYON_WHIP_HOST", "127.0.0.1",
              "HALCYON_WHIP_PORT", "0",
              "HALCYON_MANAGEMENT_PORT", "0");
      NodeConfig config = NodeConfig.load(Optional.empty(), environment);
      return new LiveHouse(browser, HalcyonNode.start(config));
    } catch (Exception failure) {
      browser.close();
      throw failure;
    }
  }

  Browser browser() {
    return browser;
  }

  String url() {
    return "http://127.0.0.1:" + node.httpPort();
  }

  /** The page tells publishers the configured port, so that it must be known beforehand. */
  private static String freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  @Override
  public void close() throws IOException {
    try (browser) {
      node.close();
    }
  }
}
