package dev.halcyon.verticles.node;

import dev.halcyon.verticles.node.NodeConfig.Listen;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/** Starts a node, and tells what only the operator can mend from what may pass. */
final class NodeStart {
  private NodeStart() {}

  /**
   * As {@link HalcyonNode#start}. Blocking.
   *
   * @throws ConfigException when an address of the configuration cannot be listened on, too; the
   *     message names its key
   */
  static HalcyonNode of(NodeConfig config) throws Exception {
    try {
      return HalcyonNode.start(config);
    } catch (Exception failure) {
      for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
        if (cause instanceof BindException) {
          throw new ConfigException(
              "cannot listen on " + refused(config, cause.getMessage()), failure);
        }
      }
      throw failure;
    }
  }

  /** The failure does not name its listener: the one that still cannot be bound is it. */
  private static String refused(NodeConfig config, String message) {
    Map<String, Listen> listeners = new LinkedHashMap<>();
    listeners.put("management.port", config.management());
    listeners.put("http.port", config.http().listen());
    listeners.put("rtmp.port", config.rtmp().listen());
    listeners.put("rtsp.port", config.rtsp().listen());
    config
        .tls()
        .ifPresent(
            tls -> {
              tls.https().ifPresent(listen -> listeners.put("https.port", listen));
              tls.rtmps().ifPresent(listen -> listeners.put("rtmps.port", listen));
              tls.rtsps().ifPresent(listen -> listeners.put("rtsps.port", listen));
            });
    listeners.put("whip.port", new Listen(config.whip().host(), config.whip().port()));
    for (Map.Entry<String, Listen> each : listeners.entrySet()) {
      Listen listen = each.getValue();
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(listen.host(), listen.port()));
      } catch (IOException taken) {
        return listen.host()
            + ":"
            + listen.port()
            + ", "
            + each.getKey()
            + ": "
            + taken.getMessage();
      }
    }
    return "an address of http, rtmp, rtsp, whip or management: " + message;
  }
}
