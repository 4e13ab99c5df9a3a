package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublisherListen;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The RTMP server: {@code rtmp://host:port/live/key}. Instances share the port; a connection stays
 * on the event loop of the instance that accepted it.
 */
public final class RtmpVerticle extends VerticleBase {
  private static final String SHARED_MAP = "halcyon.rtmp";
  private static final String SHARED_LIMITS = "limits";
  private static final int SCRATCH_BYTES = 64 << 10;

  /** Much shorter than any deadline that it serves. */
  private static final long SWEEP_MS = 250;

  private final RtmpOptions options;
  private final PublishGate gate;
  private final SoundEncoding.Factory encodings;
  private final MeterRegistry registry;
  private final Clock clock = Clock.system();
  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final Set<RtmpConnection> connections = new LinkedHashSet<>();

  private ConnectionLimits limits;
  private PublisherMetrics metrics;
  private NetServer server;
  private volatile int actualPort;
  private boolean isStopping;

  public RtmpVerticle(
      RtmpOptions options,
      PublishGate gate,
      SoundEncoding.Factory encodings,
      MeterRegistry registry) {
    this.options = Objects.requireNonNull(options, "options");
    this.gate = Objects.requireNonNull(gate, "gate");
    this.encodings = Objects.requireNonNull(encodings, "encodings");
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  /** The TCP port listened on; 0 before the verticle is deployed. Any thread. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    limits =
        vertx
            .sharedData()
            .<String, ConnectionLimits>getLocalMap(SHARED_MAP)
            .computeIfAbsent(SHARED_LIMITS, key -> new ConnectionLimits());
    metrics = new PublisherMetrics("rtmp", registry, limits);
    server =
        vertx
            .createNetServer(PublisherListen.options(options.certificate()))
            .connectHandler(this::onConnection);
    return server.listen(options.port(), options.host()).onSuccess(this::onListening);
  }

  private void onListening(NetServer listening) {
    actualPort = listening.actualPort();
    vertx.setPeriodic(
        SWEEP_MS, id -> List.copyOf(connections).forEach(RtmpConnection::checkDeadlines));
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
    } else if (!limits.enter(
        address, options.maxConnections(), options.maxConnectionsPerAddress())) {
      metrics.countRejection("connection_limit", address, "too many", clock.nanoTime());
      socket.close();
    } else {
      var connection =
          new RtmpConnection(
              socket,
              context,
              options,
              gate,
              metrics,
              limits,
              encodings,
              clock,
              scratch,
              this::onClosed);
      connections.add(connection);
      connection.begin();
    }
  }

  private void onClosed(RtmpConnection connection) {
    if (connections.remove(connection)) {
      limits.leave(connection.remoteAddress());
    }
  }
}
