package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import dev.halcyon.verticles.ingest.StreamKeys;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;

/**
 * What the connections of one event loop share.
 *
 * @param scratch on the heap; used within a call only
 */
record RtspParts(
    Vertx vertx,
    RtspOptions options,
    PublishGate gate,
    StreamKeys keys,
    PublisherMetrics metrics,
    MeterRegistry registry,
    ConnectionLimits limits,
    UdpPorts udpPorts,
    SoundEncoding.Factory encodings,
    Clock clock,
    ByteBuffer scratch) {}
