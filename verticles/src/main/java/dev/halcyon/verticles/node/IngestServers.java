package dev.halcyon.verticles.node;

import dev.halcyon.verticles.ingest.rtmp.RtmpLimits;
import dev.halcyon.verticles.ingest.rtmp.RtmpOptions;
import dev.halcyon.verticles.ingest.rtmp.RtmpVerticle;
import dev.halcyon.verticles.ingest.rtsp.RtspOptions;
import dev.halcyon.verticles.ingest.rtsp.RtspVerticle;
import dev.halcyon.verticles.ingest.sound.SoundEncoders;
import dev.halcyon.verticles.node.NodeConfig.Listen;
import dev.halcyon.verticles.stream.PublisherAdmission;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.net.KeyCertOptions;
import java.util.Optional;
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
  private final Optional<KeyCertOptions> certificate;
  private final RtmpVerticle rtmp;
  private final RtspVerticle rtsp;
  private final Optional<RtmpVerticle> rtmps;
  private final Optional<RtspVerticle> rtsps;

  /**
   * @param certificate there if there are servers with TLS
   */
  IngestServers(
      NodeConfig config,
      PublisherAdmission gate,
      SoundEncoders encoders,
      MeterRegistry registry,
      Optional<KeyCertOptions> certificate) {
    this.config = config;
    this.gate = gate;
    this.encoders = encoders;
    this.registry = registry;
    this.certificate = certificate;
    this.rtmp = newRtmp(config.rtmp().listen(), Optional.empty());
    this.rtsp = newRtsp(config.rtsp().listen(), Optional.empty());
    this.rtmps = config.tls().flatMap(NodeConfig.Tls::rtmps).map(at -> newRtmp(at, certificate));
    this.rtsps = config.tls().flatMap(NodeConfig.Tls::rtsps).map(at -> newRtsp(at, certificate));
  }

  /**
   * @param deploy by name; undone by the caller
   */
  Future<Void> deploy(BiFunction<String, Deployable, Future<Void>> deploy) {
    Listen rtmpAt = config.rtmp().listen();
    Listen rtspAt = config.rtsp().listen();
    return deployAll(deploy, "rtmp", rtmpAt, rtmp, () -> newRtmp(rtmpAt, Optional.empty()))
        .compose(
            done ->
                deployAll(deploy, "rtsp", rtspAt, rtsp, () -> newRtsp(rtspAt, Optional.empty())))
        .compose(done -> deploySecure(deploy));
  }

  private Future<Void> deploySecure(BiFunction<String, Deployable, Future<Void>> deploy) {
    Future<Void> deployed = Future.succeededFuture();
    if (rtmps.isPresent()) {
      Listen at = config.tls().flatMap(NodeConfig.Tls::rtmps).orElseThrow();
      deployed = deployAll(deploy, "rtmps", at, rtmps.get(), () -> newRtmp(at, certificate));
    }
    if (rtsps.isPresent()) {
      Listen at = config.tls().flatMap(NodeConfig.Tls::rtsps).orElseThrow();
      deployed =
          deployed.compose(
              done -> deployAll(deploy, "rtsps", at, rtsps.get(), () -> newRtsp(at, certificate)));
    }
    return deployed;
  }

  private static Future<Void> deployAll(
      BiFunction<String, Deployable, Future<Void>> deploy,
      String name,
      Listen listen,
      Deployable first,
      Supplier<? extends Deployable> next) {
    Future<Void> deployed = deploy.apply(name, first);
    boolean sharesPort = listen.port() != 0;
    for (int i = 1; sharesPort && i < Runtime.getRuntime().availableProcessors(); i++) {
      deployed = deployed.compose(before -> deploy.apply(name, next.get()));
    }
    return deployed;
  }

  private RtmpVerticle newRtmp(Listen listen, Optional<KeyCertOptions> shown) {
    NodeConfig.Rtmp given = config.rtmp();
    RtmpOptions defaults = RtmpOptions.listeningOn(listen.host(), listen.port());
    RtmpOptions options =
        new RtmpOptions(
            defaults.host(),
            defaults.port(),
            defaults.app(),
            given.maxConnections(),
            given.maxConnectionsPerAddress(),
            defaults.publishTimeoutMs(),
            given.idleTimeoutMs(),
            RtmpLimits.DEFAULT,
            shown);
    return new RtmpVerticle(options, gate, encoders, registry);
  }

  private RtspVerticle newRtsp(Listen listen, Optional<KeyCertOptions> shown) {
    NodeConfig.Rtsp given = config.rtsp();
    RtspOptions defaults = RtspOptions.listeningOn(listen.host(), listen.port(), given.udpPorts());
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
            given.idleTimeoutMs(),
            shown);
    return new RtspVerticle(options, gate, gate, encoders, registry);
  }

  int rtmpPort() {
    return rtmp.actualPort();
  }

  int rtspPort() {
    return rtsp.actualPort();
  }

  Optional<Integer> rtmpsPort() {
    return rtmps.map(RtmpVerticle::actualPort);
  }

  Optional<Integer> rtspsPort() {
    return rtsps.map(RtspVerticle::actualPort);
  }
}
