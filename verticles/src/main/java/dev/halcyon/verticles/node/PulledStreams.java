package dev.halcyon.verticles.node;

import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.PageVideo;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.pull.PullDesk;
import dev.halcyon.verticles.ingest.pull.PulledStream;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.stream.LiveStreams;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.UUID;

/**
 * The streams of this node with those among them that are pulled: what is commanded of a stream is
 * commanded of its pull, too. Any thread.
 */
final class PulledStreams implements AutoCloseable {
  private final Vertx vertx;
  private final LiveStreams streams;
  private final StreamStore store;
  private final PullDesk desk;

  PulledStreams(
      Vertx vertx,
      LiveStreams streams,
      StreamStore store,
      FetchConfig config,
      PublishGate gate,
      Clock clock,
      MeterRegistry registry) {
    this.vertx = vertx;
    this.streams = streams;
    this.store = store;
    GuardedHttp http = config.http();
    this.desk =
        new PullDesk(
            http,
            new PageVideo(http, config.sources()),
            config.pull(),
            gate,
            streams.pulls(),
            clock,
            registry);
  }

  /** Acts on a command; see {@link StreamCommand} for its failures. */
  Future<Void> execute(StreamCommand command) {
    return switch (command) {
      case StreamCommand.Pull(UUID id) -> started(id);
      case StreamCommand.Resume(UUID id) ->
          streams.execute(command).compose(resumed -> started(id));
      case StreamCommand.Pause(UUID id) -> stopped(id).compose(done -> streams.execute(command));
      case StreamCommand.Delete(UUID id) -> stopped(id).compose(done -> streams.execute(command));
      case StreamCommand.Reserve reserve -> streams.execute(reserve);
      case StreamCommand.Release release -> streams.execute(release);
      case StreamCommand.Reconfigure reconfigure -> streams.execute(reconfigure);
    };
  }

  private Future<Void> started(UUID id) {
    return store.any(id).onSuccess(row -> row.ifPresent(this::start)).mapEmpty();
  }

  private Future<Void> stopped(UUID id) {
    return vertx.executeBlocking(
        () -> {
          desk.stop(id);
          return null;
        },
        false);
  }

  /** Begins with what an earlier run of the node left. */
  void startAll(List<StreamRow> rows) {
    rows.forEach(this::start);
  }

  private void start(StreamRow row) {
    if (row.source() instanceof StreamSource.Pull source && row.status() != StreamStatus.STOPPED) {
      desk.start(new PulledStream(row.id(), row.streamKey(), source));
    }
  }

  /** Blocks until no stream is pulled any more. */
  @Override
  public void close() {
    desk.close();
  }
}
