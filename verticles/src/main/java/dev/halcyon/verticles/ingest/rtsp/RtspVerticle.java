package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublisherListen;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import dev.halcyon.verticles.ingest.StreamKeys;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The RTSP server that publishers push to: {@code rtsp://host:port/live/key}. Instances share the
 * port and the UDP ports; a connection stays on the event loop of the instance that accepted it.
 */
public final class RtspVerticle extends VerticleBase {
  private static final String SHARED_MAP = "halcyon.rtsp";
  private static final String SHARED_LIMITS = "limits";
  private static final String SHARED_PORTS = "ports";

  /** The largest datagram or interleaved frame, with its header. */
  private static final int SCRATCH_BYTES = 4 + (64 << 10);

  /** Much shorter than what packets wait for those before them. */
  private static final long TICK_MS = 20;

  private final RtspOptions options;
  private final PublishGate gate;
  private final StreamKeys keys;
  private final SoundEncoding.Factory encodings;
  private final MeterRegistry registry;
  private final Set<RtspConnection> connections = new LinkedHashSet<>();

  private RtspParts parts;
  private NetServer server;
  private volatile int actualPort;
  private boolean isStopping;

  public RtspVerticle(
      RtspOptions options,
      PublishGate gate,
      StreamKeys keys,
      SoundEncoding.Factory encodings,
      MeterRegistry registry) {
    this.options = Objects.requireNonNull(options, "options");
    this.gate = Objects.requireNonNull(gate, "gate");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.encodings = Objects.requireNonNull(encodings, "encodings");
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  /** The TCP port listened on; 0 before the verticle is deployed. Any thread. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    LocalMap<String, Shareable> shared = vertx.sharedData().getLocalMap(SHARED_MAP);
    var limits =
        (ConnectionLimits) shared.computeIfAbsent(SHARED_LIMITS, key -> new ConnectionLimits());
    var ports =
        (UdpPorts) shared.computeIfAbsent(SHARED_PORTS, key -> new UdpPorts(options.udpPorts()));
    var metrics = new PublisherMetrics("rtsp", registry, limits);
    if (registry.find("halcyon.rtsp.udp.tracks").gauge() == null) {
      Gauge.builder("halcyon.rtsp.udp.tracks", ports, UdpPorts::lentPairs)
          .strongReference(true)
          .register(registry);
    }
    parts =
        new RtspParts(
            vertx,
            options,
            gate,
            keys,
            metrics,
            registry,
            limits,
            ports,
            encodings,
            Clock.system(),
            ByteBuffer.allocate(SCRATCH_BYTES));
    server =
        vertx
            .createNetServer(PublisherListen.options(options.certificate()))
            .connectHandler(this::onConnection);
    return server.listen(options.port(), options.host()).onSuccess(this::onListening);
  }

  private void onListening(NetServer listening) {
    actualPort = listening.actualPort();
    vertx.setPeriodic(TICK_MS, id -> List.copyOf(connections).forEach(RtspConnection::tick));
  }

  /** Accepts no more, ends each publication in the order in which they came, closes the port. */
  @Override
  public Future<?> stop() {
    isStopping = true;
    List.copyOf(connections).forEach(connection -> connection.end("server stopping"));
    return server.close();
  }

  private void onConnection(NetSocket socket) {
    String address = socket.remoteAddress().hostAddress();
    if (isStopping) {
      socket.close();
    } else if (!parts
        .limits()
        .enter(address, options.maxConnections(), options.maxConnectionsPerAddress())) {
      parts
          .metrics()
          .countRejection("connection_limit", address, "too many", parts.clock().nanoTime());
      socket.close();
    } else {
      var connection = new RtspConnection(socket, context, parts, this::onClosed);
      connections.add(connection);
      connection.begin();
    }
  }

  private void onClosed(RtspConnection connection) {
    if (connections.remove(connection)) {
      parts.limits().leave(connection.remoteAddress());
    }
  }
}
