package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a socket, a session and the gate, and watches their deadlines. Lives on the socket's event
 * loop; only {@link #disconnect} may be called from elsewhere.
 */
final class RtmpConnection implements RtmpPeer {
  private static final Logger log = LoggerFactory.getLogger(RtmpConnection.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A last status needs this long to arrive before the reset that unread media would cause. */
  private static final long LINGER_NS = 500_000_000L;

  private static final int MAX_UNSENT_BYTES = 64 << 10;
  private static final int MAX_TEXT_CHARS = 64;

  private final NetSocket socket;
  private final Context context;
  private final RtmpOptions options;
  private final PublishGate gate;
  private final PublisherMetrics metrics;
  private final Clock clock;
  private final byte[] scratch;
  private final String remoteAddress;
  private final RtmpSession session;
  private final Consumer<RtmpConnection> onClosed;

  private Buffer unread;
  private int unreadOffset;
  private long lastBytesNs;
  private long publishDeadlineNs;
  private long lingerDeadlineNs;
  private boolean isEnding;
  private boolean isClosed;

  /**
   * @param scratch shared by the connections of one event loop, used within a call only
   */
  RtmpConnection(
      NetSocket socket,
      Context context,
      RtmpOptions options,
      PublishGate gate,
      PublisherMetrics metrics,
      ConnectionLimits limits,
      SoundEncoding.Factory encodings,
      Clock clock,
      byte[] scratch,
      Consumer<RtmpConnection> onClosed) {
    this.socket = socket;
    this.context = context;
    this.options = options;
    this.gate = gate;
    this.metrics = metrics;
    this.clock = clock;
    this.scratch = scratch;
    this.onClosed = onClosed;
    this.remoteAddress = socket.remoteAddress().hostAddress();
    this.session =
        new RtmpSession(
            options.app(), options.limits(), this, RANDOM, limits.bufferBytes(), encodings);
    this.lastBytesNs = clock.nanoTime();
    startPublishDeadline();
  }

  /** Takes over the socket's handlers. */
  void begin() {
    socket.setWriteQueueMaxSize(MAX_UNSENT_BYTES);
    socket.exceptionHandler(
        failure -> log.debug("socket failed [remoteAddress={}]", remoteAddress, failure));
    socket.closeHandler(v -> onSocketClosed());
    socket.handler(this::onBytes);
  }

  String remoteAddress() {
    return remoteAddress;
  }

  /** Called every second or so. */
  void checkDeadlines() {
    long nowNs = clock.nanoTime();
    if (isEnding) {
      if (nowNs - lingerDeadlineNs >= 0) {
        socket.close();
      }
    } else if (!session.isPublishing() && nowNs - publishDeadlineNs >= 0) {
      reject("publish_timeout", "did not publish in time");
    } else if (!session.isWaiting()
        && nowNs - lastBytesNs >= options.idleTimeoutMs() * 1_000_000L) {
      reject("connection_lost", "sent nothing for " + options.idleTimeoutMs() + " ms");
    }
  }

  /** Ends the publication for this reason, then the connection. */
  void end(String reason) {
    if (!isEnding) {
      isEnding = true;
      lingerDeadlineNs = clock.nanoTime() + LINGER_NS;
      unread = null;
      closeSession(reason);
      socket.resume();
    }
  }

  @Override
  public void send(byte[] bytes) {
    if (!isClosed) {
      socket.write(Buffer.buffer(bytes));
    }
  }

  @Override
  public void onPublish(String streamKey) {
    var request = new PublishRequest("rtmp", streamKey, remoteAddress, this::disconnect);
    Future<Publication> opening;
    try {
      opening = gate.open(request);
    } catch (RuntimeException failure) {
      opening = Future.failedFuture(failure);
    }
    opening.onComplete(
        publication -> context.runOnContext(v -> onOpened(publication)),
        failure -> context.runOnContext(v -> onRefused(failure)));
  }

  @Override
  public void onUnpublish() {
    startPublishDeadline();
  }

  @Override
  public void onMetadata(AmfValue metadata) {
    if (log.isDebugEnabled()) {
      log.debug(
          "publisher describes itself [remoteAddress={}, encoder={}, width={}, height={}, fps={}]",
          remoteAddress,
          printable(metadata.member("encoder").textOr("")),
          metadata.member("width").numberOr(0),
          metadata.member("height").numberOr(0),
          metadata.member("framerate").numberOr(0));
    }
  }

  /** Any thread. */
  private void disconnect() {
    context.runOnContext(v -> end("disconnected"));
  }

  /** Netty reads at most 16 buffers of 64 KiB from a socket before it turns to the next. */
  private void onBytes(Buffer bytes) {
    lastBytesNs = clock.nanoTime();
    metrics.countBytes(bytes.length());
    if (!isEnding) {
      feed(bytes, 0);
    }
  }

  private void feed(Buffer bytes, int offset) {
    int fed = offset;
    try {
      while (fed < bytes.length() && !session.isWaiting() && !isEnding) {
        int length = Math.min(bytes.length() - fed, scratch.length);
        bytes.getBytes(fed, fed + length, scratch, 0);
        ByteBuffer input = ByteBuffer.wrap(scratch, 0, length);
        session.feed(input);
        fed += input.position();
        requirePeerReads();
      }
    } catch (HalcyonException failure) {
      reject(failure);
      return;
    } catch (RuntimeException failure) {
      onDefect(failure);
      return;
    }
    if (session.isWaiting()) {
      unread = bytes;
      unreadOffset = fed;
      socket.pause();
    }
  }

  private void onOpened(Publication publication) {
    if (isEnding || isClosed) {
      publication.close("connection lost");
      return;
    }
    session.accept(publication);
    lastBytesNs = clock.nanoTime();
    Buffer rest = unread;
    unread = null;
    feed(rest, unreadOffset);
    if (!session.isWaiting()) {
      socket.resume();
    }
  }

  private void onRefused(Throwable failure) {
    if (isEnding || isClosed) {
      return;
    }
    HalcyonException reason;
    if (failure instanceof HalcyonException stated) {
      reason = stated;
    } else {
      log.error("publish gate failed [remoteAddress={}]", remoteAddress, failure);
      reason = new HalcyonException(ErrorCode.INTERNAL, "internal error");
    }
    session.refuse(reason);
    reject(reason);
  }

  /** Answers that pile up unread are a way to fill our memory. */
  private void requirePeerReads() {
    if (socket.writeQueueFull()) {
      throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, "peer does not read our answers");
    }
  }

  private void reject(HalcyonException failure) {
    reject(failure.code().name().toLowerCase(Locale.ROOT), failure.getMessage());
  }

  private void reject(String reason, String text) {
    metrics.countRejection(reason, remoteAddress, text, clock.nanoTime());
    end(reason.equals("connection_lost") ? "connection lost" : text);
  }

  private void onDefect(RuntimeException failure) {
    log.error("session failed [remoteAddress={}]", remoteAddress, failure);
    reject("internal", "internal error");
  }

  private void onSocketClosed() {
    if (!isClosed) {
      isClosed = true;
      isEnding = true;
      unread = null;
      closeSession("connection lost");
      onClosed.accept(this);
    }
  }

  private void closeSession(String reason) {
    try {
      session.close(reason);
    } catch (RuntimeException failure) {
      log.error("closing a publication failed [remoteAddress={}]", remoteAddress, failure);
    }
  }

  private void startPublishDeadline() {
    publishDeadlineNs = clock.nanoTime() + options.publishTimeoutMs() * 1_000_000L;
  }

  private static String printable(String text) {
    String head = text.substring(0, Math.min(text.length(), MAX_TEXT_CHARS));
    return head.replaceAll("\\P{Print}", ".");
  }
}
