package dev.halcyon.verticles.node;

import dev.halcyon.verticles.ingest.rtmp.RtmpLimits;
import dev.halcyon.verticles.ingest.rtmp.RtmpOptions;
import dev.halcyon.verticles.ingest.rtmp.RtmpVerticle;
import dev.halcyon.verticles.ingest.rtsp.RtspOptions;
import dev.halcyon.verticles.ingest.rtsp.RtspVerticle;
import dev.halcyon.verticles.ingest.sound.SoundEncoders;
import dev.halcyon.verticles.stream.PublisherAdmission;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * The servers that publishers push to, each with an instance a core, so that publishers spread over
 * event loops; the instances share the port. Deployed and stopped by the node.
 */
final class IngestServers {
  private final NodeConfig config;
  private final PublisherAdmission gate;
  private final SoundEncoders encoders;
  private final MeterRegistry registry;
  private final RtmpVerticle rtmp;
  private final RtspVerticle rtsp;

  IngestServers(
      NodeConfig config, PublisherAdmission gate, SoundEncoders encoders, MeterRegistry registry) {
    this.config = config;
    this.gate = gate;
    this.encoders = encoders;
    this.registry = registry;
    this.rtmp = newRtmp();
    this.rtsp = newRtsp();
  }

  /**
   * @param deploy by name; undone by the caller
   */
  Future<Void> deploy(BiFunction<String, Deployable, Future<Void>> deploy) {
    return deployAll(deploy, "rtmp", config.rtmp().listen(), rtmp, this::newRtmp)
        .compose(done -> deployAll(deploy, "rtsp", config.rtsp().listen(), rtsp, this::newRtsp));
  }

  private static Future<Void> deployAll(
      BiFunction<String, Deployable, Future<Void>> deploy,
      String name,
      NodeConfig.Listen listen,
      Deployable first,
      Supplier<? extends Deployable> next) {
    Future<Void> deployed = deploy.apply(name, first);
    boolean sharesPort = listen.port() != 0;
    for (int i = 1; sharesPort && i < Runtime.getRuntime().availableProcessors(); i++) {
      deployed = deployed.compose(before -> deploy.apply(name, next.get()));
    }
    return deployed;
  }

  private RtmpVerticle newRtmp() {
    NodeConfig.Rtmp given = config.rtmp();
    RtmpOptions defaults = RtmpOptions.listeningOn(given.listen().host(), given.listen().port());
    RtmpOptions options =
        new RtmpOptions(
            defaults.host(),
            defaults.port(),
            defaults.app(),
            given.maxConnections(),
            given.maxConnectionsPerAddress(),
            defaults.publishTimeoutMs(),
            given.idleTimeoutMs(),
            RtmpLimits.DEFAULT);
    return new RtmpVerticle(options, gate, encoders, registry);
  }

  private RtspVerticle newRtsp() {
    NodeConfig.Rtsp given = config.rtsp();
    RtspOptions defaults =
        RtspOptions.listeningOn(given.listen().host(), given.listen().port(), given.udpPorts());
    RtspOptions options =
        new RtspOptions(
            defaults.host(),
            defaults.port(),
            defaults.app(),
            defaults.udpPorts(),
            given.reorderMs(),
            given.maxConnections(),
            given.maxConnectionsPerAddress(),
            defaults.publishTimeoutMs(),
            given.idleTimeoutMs());
    return new RtspVerticle(options, gate, gate, encoders, registry);
  }

  int rtmpPort() {
    return rtmp.actualPort();
  }

  int rtspPort() {
    return rtsp.actualPort();
  }
}
