package dev.halcyon.verticles.detect;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipExtended;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.ops.Metrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what streams' detectors find to the bus, from one event loop, so that a stream's messages
 * keep their order: facts are published, a new highlight becomes a request for its clip, a longer
 * one moves the end of that clip. The detectors themselves run where their taps run ({@link
 * #detector}); media and measurements never cross the bus.
 */
public final class DetectorVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DetectorVerticle.class);

  private final Metrics metrics;
  private final Clock clock;

  /** The clip of each live stream's newest highlight. Event loop. */
  private final Map<UUID, Future<Clip>> clips = new HashMap<>();

  private volatile Optional<Bus> bus = Optional.empty();

  public DetectorVerticle(Metrics metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    Bus events = Bus.of(vertx);
    events.<StreamEvent>onFact(Addresses.STREAM_EVENT, this::onEvent);
    bus = Optional.of(events);
    return Future.succeededFuture();
  }

  private void onEvent(StreamEvent event) {
    if (event instanceof StreamEvent.StreamEnded) {
      clips.remove(event.streamId());
    }
  }

  /**
   * A detector for one stream; one a stream. Any thread, after deployment.
   *
   * @param settings asked at each measurement, so that a change counts at once; must not block
   */
  public StreamDetector detector(
      UUID workspaceId, UUID streamId, Supplier<DetectionSettings> settings) {
    Bus events = bus.orElseThrow(() -> new IllegalStateException("not deployed"));
    return new StreamDetector(workspaceId, streamId, settings, clock, new BusSink(events));
  }

  private final class BusSink implements DetectionSink {
    private final Bus events;

    BusSink(Bus events) {
      this.events = events;
    }

    @Override
    public void publish(StreamEvent fact) {
      switch (fact) {
        case StreamEvent.SignalRaised raised -> metrics.signalRaised(raised.signal().kind());
        case StreamEvent.HighlightDetected detected -> metrics.highlightOpened();
        default -> {}
      }
      context.runOnContext(go -> events.publish(Addresses.STREAM_EVENT, (Record) fact));
    }

    @Override
    public void request(ClipRequested request) {
      context.runOnContext(go -> send(request));
    }

    private void send(ClipRequested request) {
      Future<Clip> clip = events.request(Addresses.CLIP_REQUEST, request);
      clips.put(request.streamId(), clip);
      clip.onFailure(
          failure ->
              log.warn(
                  "highlight without a clip [stream={}, window={}]: {}",
                  request.streamId(),
                  request.window(),
                  failure.getMessage()));
    }

    @Override
    public void extend(UUID streamId, Highlight highlight) {
      context.runOnContext(
          go ->
              Optional.ofNullable(clips.get(streamId))
                  .ifPresent(clip -> clip.onSuccess(known -> send(known.id(), highlight))));
    }

    private void send(UUID clipId, Highlight highlight) {
      events.publish(
          Addresses.CLIP_EXTEND,
          new ClipExtended(clipId, highlight.toUs(), highlight.score(), highlight.signals()));
    }
  }
}
