package dev.halcyon.verticles.realtime;

import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.verticles.api.ClipJson;
import dev.halcyon.verticles.api.Times;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * One listener's WebSocket. Its memory is bounded: while its queue is full droppable messages are
 * left out, and a queue that stays full closes it. One event loop.
 */
final class FactSocket implements FactListeners.Listener {
  /** In the private range of RFC 6455, after HTTP's 401. */
  private static final short TOKEN_EXPIRED = 4401;

  /** After HTTP's 408: the client did not read for too long. */
  private static final short TOO_SLOW = 4408;

  /** RFC 6455, section 7.4.1. */
  private static final short GOING_AWAY = 1001;

  private static final int QUEUE_BYTES = 256 << 10;
  private static final long FULL_LIMIT_MS = 10_000;
  private static final long PING_MS = 20_000;

  private static final long NONE = -1;

  private final Vertx vertx;
  private final ServerWebSocket socket;
  private final ClipOrigin subject;
  private long pingTimer = NONE;
  private long expiryTimer = NONE;
  private long fullTimer = NONE;
  private boolean answeredPing = true;

  FactSocket(Vertx vertx, ServerWebSocket socket, ClipOrigin subject) {
    this.vertx = vertx;
    this.socket = socket;
    this.subject = subject;
  }

  void open(long untilExpiryMs, Runnable onClosed) {
    socket.setWriteQueueMaxSize(QUEUE_BYTES);
    socket.handler(ignored -> {});
    socket.exceptionHandler(failure -> socket.close());
    socket.pongHandler(pong -> answeredPing = true);
    socket.closeHandler(
        closed -> {
          cancel(pingTimer);
          cancel(expiryTimer);
          cancel(fullTimer);
          onClosed.run();
        });
    pingTimer = vertx.setPeriodic(PING_MS, timer -> ping());
    expiryTimer = vertx.setTimer(untilExpiryMs, timer -> expire());
  }

  @Override
  public void tell(String message, Urgency urgency) {
    if (socket.isClosed()) {
      return;
    }
    if (socket.writeQueueFull()) {
      watchQueue();
      if (urgency == Urgency.DROPPABLE) {
        return;
      }
    }
    socket.writeTextMessage(message);
  }

  @Override
  public void dismiss() {
    socket.close(GOING_AWAY, "the server stops");
  }

  private void watchQueue() {
    if (fullTimer != NONE) {
      return;
    }
    fullTimer = vertx.setTimer(FULL_LIMIT_MS, timer -> socket.close(TOO_SLOW, "too slow"));
    socket.drainHandler(
        drained -> {
          cancel(fullTimer);
          fullTimer = NONE;
        });
  }

  private void ping() {
    if (!answeredPing) {
      socket.close();
      return;
    }
    answeredPing = false;
    socket.writePing(Buffer.buffer());
  }

  private void expire() {
    socket.writeTextMessage(tokenExpired(subject).encode());
    socket.close(TOKEN_EXPIRED, "token expired");
  }

  static JsonObject tokenExpired(ClipOrigin subject) {
    return new JsonObject()
        .put("type", "token_expired")
        .put(ClipJson.originField(subject), subject.id().toString())
        .put("at", Times.text(Instant.now()))
        .put("data", new JsonObject());
  }

  private void cancel(long timer) {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
    }
  }
}
