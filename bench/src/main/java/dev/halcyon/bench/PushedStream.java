package dev.halcyon.bench;

import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.mux.PreparedLoop;
import dev.halcyon.verticles.client.HalcyonClient;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream of a server with its publisher, which sends a prepared loop over RTMP in real time on a
 * thread of its own. Closing ends the publisher.
 */
final class PushedStream implements AutoCloseable {
  private static final long IO_TIMEOUT_MS = 10_000;

  private final String id;
  private final SentPackets sent;
  private final LivePush push;
  private final Thread thread;
  private final AutoCloseable listening;

  private PushedStream(
      String id, SentPackets sent, LivePush push, Thread thread, AutoCloseable listening) {
    this.id = id;
    this.sent = sent;
    this.push = push;
    this.thread = thread;
    this.listening = listening;
  }

  /**
   * @param name of the stream and of the publisher's thread
   * @param announcements hears of the stream's clips
   */
  static PushedStream start(
      ServerProcess server,
      HalcyonClient client,
      String name,
      long ringBytes,
      PreparedLoop loop,
      Announcements announcements) {
    JsonObject stream =
        client.createStream(
            name, new JsonObject().put("ring", new JsonObject().put("capacity_bytes", ringBytes)));
    String id = stream.getString("id");
    AutoCloseable listening = client.listen(id, announcements::onMessage);
    SentPackets sent = new SentPackets(2);
    LivePush push =
        new LivePush(
            server.rtmpUrl(stream.getString("stream_key")),
            Pace.REAL_TIME,
            IO_TIMEOUT_MS,
            (track, dtsUs, ptsUs, atNs) -> sent.onSent(track.index(), dtsUs, atNs));
    Thread thread = Thread.ofPlatform().name(name).start(() -> push.run(loop.source()));
    return new PushedStream(id, sent, push, thread, listening);
  }

  String id() {
    return id;
  }

  SentPackets sent() {
    return sent;
  }

  /** Waits until each has sent so much media. */
  static void awaitMedia(Collection<PushedStream> streams, long us) {
    long deadlineNs = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(us + 60_000_000);
    while (streams.stream().anyMatch(stream -> stream.sent().newestUs() < us)) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new IllegalStateException("the streams did not come up");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Ends all of them, at the same time. */
  static void closeAll(List<PushedStream> streams) {
    streams.forEach(stream -> stream.push.stop());
    streams.forEach(PushedStream::close);
  }

  @Override
  public void close() {
    push.stop();
    try {
      listening.close();
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      throw new IllegalStateException("a publisher was not ended in order", failure);
    }
  }
}
