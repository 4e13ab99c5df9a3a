package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins a socket, a session and the gate, and watches their deadlines. Lives on the socket's event
 * loop; only {@link #disconnect} may be called from elsewhere.
 */
final class RtspConnection implements RtspPeer, RtspReader.Sink {
  private static final Logger log = LoggerFactory.getLogger(RtspConnection.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A last answer needs this long to arrive before the reset that unread media would cause. */
  private static final long LINGER_NS = TimeUnit.MILLISECONDS.toNanos(500);

  /** RFC 3550, 6.2: the least interval between reports. */
  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(5);

  private static final int MAX_UNSENT_BYTES = 64 << 10;

  /** Pictures and fragments under assembly; a buffer grows by copying. */
  private static final int MAX_BUFFER_BYTES = 32 << 20;

  private final NetSocket socket;
  private final Context context;
  private final RtspParts parts;
  private final Clock clock;
  private final String remoteAddress;
  private final RtspSession session;
  private final RtspReader reader = new RtspReader(this);
  private final RtspMeters meters;
  private final Consumer<RtspConnection> onClosed;
  private final int ownSsrc = RANDOM.nextInt();

  private Buffer unread;
  private int unreadOffset;
  private boolean isAnswering;
  private long lastBytesNs;
  private long publishDeadlineNs;
  private long lingerDeadlineNs;
  private long lastReportNs;
  private boolean isEnding;

  /** The publisher has said goodbye, and what it sent before is still awaited. */
  private boolean isLeaving;

  private boolean isClosed;
  private boolean isFinished;

  RtspConnection(
      NetSocket socket, Context context, RtspParts parts, Consumer<RtspConnection> onClosed) {
    this.socket = socket;
    this.context = context;
    this.parts = parts;
    this.clock = parts.clock();
    this.onClosed = onClosed;
    this.remoteAddress = socket.remoteAddress().hostAddress();
    this.meters = new RtspMeters(parts.registry());
    int timeoutS = (int) TimeUnit.MILLISECONDS.toSeconds(parts.options().idleTimeoutMs());
    this.session = new RtspSession(parts.options().app(), this, RANDOM, Math.max(1, timeoutS));
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

  /** Called every 20 ms or so. */
  void tick() {
    long nowNs = clock.nanoTime();
    long idleNs = TimeUnit.MILLISECONDS.toNanos(parts.options().idleTimeoutMs());
    if (isEnding) {
      if (nowNs - lingerDeadlineNs >= 0) {
        socket.close();
      }
    } else if (!session.isRecording() && nowNs - publishDeadlineNs >= 0) {
      reject("publish_timeout", "did not publish in time");
    } else if (!isAnswering && nowNs - lastBytesNs >= idleNs) {
      reject("connection_lost", "sent nothing for " + parts.options().idleTimeoutMs() + " ms");
    } else {
      session.receiver().ifPresent(receiver -> guarded(() -> attend(receiver, nowNs)));
    }
  }

  private void attend(MediaReceiver receiver, long nowNs) {
    receiver.poll();
    meters.note(receiver.counts());
    if (nowNs - lastReportNs >= REPORT_NS && !socket.writeQueueFull()) {
      lastReportNs = nowNs;
      List<SetUpTrack> kept = session.kept();
      for (int medium = 0; medium < kept.size(); medium++) {
        Optional<byte[]> report = receiver.report(medium, ownSsrc);
        if (report.isPresent()) {
          send(kept.get(medium), report.get());
        }
      }
    }
  }

  private void send(SetUpTrack track, byte[] rtcp) {
    if (track.udp().isPresent()) {
      track.udp().get().sendRtcp(rtcp);
    } else {
      socket.write(
          Buffer.buffer(rtcp.length + 4)
              .appendByte((byte) '$')
              .appendByte((byte) (track.channel() + 1))
              .appendUnsignedShort(rtcp.length)
              .appendBytes(rtcp));
    }
  }

  /** Ends the publication for this reason, then the connection. */
  void end(String reason) {
    if (isClosed) {
      finish(reason);
    } else if (!isEnding) {
      isEnding = true;
      lingerDeadlineNs = clock.nanoTime() + LINGER_NS;
      unread = null;
      closeSession(reason);
      socket.resume();
    }
  }

  /** Any thread. */
  private void disconnect() {
    context.runOnContext(v -> end("disconnected"));
  }

  private void onBytes(Buffer bytes) {
    lastBytesNs = clock.nanoTime();
    parts.metrics().countBytes(bytes.length());
    if (!isEnding) {
      feed(bytes, 0);
    }
  }

  private void feed(Buffer bytes, int offset) {
    int[] fed = {offset};
    guarded(
        () -> {
          byte[] scratch = parts.scratch().array();
          while (fed[0] < bytes.length() && !isWaiting()) {
            int length = Math.min(bytes.length() - fed[0], scratch.length);
            bytes.getBytes(fed[0], fed[0] + length, scratch, 0);
            ByteBuffer input = ByteBuffer.wrap(scratch, 0, length);
            reader.feed(input);
            fed[0] += input.position();
            requirePeerReads();
          }
        });
    if (isAnswering && !isEnding) {
      unread = bytes;
      unreadOffset = fed[0];
      socket.pause();
    }
  }

  /** What goes wrong ends the connection, and says so. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (HalcyonException failure) {
      reject(failure.code().name().toLowerCase(Locale.ROOT), failure.getMessage());
    } catch (RuntimeException failure) {
      log.error("session failed [remoteAddress={}]", remoteAddress, failure);
      reject("internal", "internal error");
    }
  }

  @Override
  public boolean isWaiting() {
    return isAnswering || isEnding;
  }

  @Override
  public void onFrame(int channel, ByteBuffer frame) {
    session.onFrame(channel, frame);
  }

  @Override
  public void onRequest(RtspRequest request) {
    isAnswering = true;
    boolean wasRecording = session.isRecording();
    answer(request)
        .onSuccess(
            answer -> {
              isAnswering = false;
              isLeaving = false;
              if (isClosed) {
                finish("connection lost");
              } else if (!isEnding) {
                onAnswer(request, answer, wasRecording);
              }
            });
  }

  /** What was sent by UDP before a farewell may come after it. */
  private Future<RtspResponse> answer(RtspRequest request) {
    if (request.method().equals("TEARDOWN") && session.isOverUdp()) {
      isLeaving = true;
      return parts
          .vertx()
          .timer(parts.options().reorderWaitMs(), TimeUnit.MILLISECONDS)
          .compose(waited -> session.handle(request));
    }
    return session.handle(request);
  }

  private void onAnswer(RtspRequest request, RtspResponse answer, boolean wasRecording) {
    socket.write(Buffer.buffer(answer.bytes()));
    if (wasRecording && !session.isRecording()) {
      startPublishDeadline();
    }
    boolean isRefused = answer.status() >= 400 && answer.status() != 401;
    if (isRefused) {
      parts
          .metrics()
          .countRejection(
              request.method().toLowerCase(Locale.ROOT) + "_" + answer.status(),
              remoteAddress,
              answer.reason(),
              clock.nanoTime());
    }
    if (answer.ends()) {
      end(answer.reason());
    } else if (unread != null) {
      Buffer rest = unread;
      unread = null;
      lastBytesNs = clock.nanoTime();
      feed(rest, unreadOffset);
      if (!isAnswering) {
        socket.resume();
      }
    }
  }

  @Override
  public Future<Publication> publish(String streamKey) {
    var request = new PublishRequest("rtsp", streamKey, remoteAddress, this::disconnect);
    return onContext(() -> parts.gate().open(request));
  }

  @Override
  public Future<Optional<String>> keyOf(String streamId) {
    return onContext(() -> parts.keys().keyOf(streamId));
  }

  /** Asks, and hears the answer on this event loop; what is no stated failure is logged here. */
  private <T> Future<T> onContext(Supplier<Future<T>> question) {
    Future<T> asked;
    try {
      asked = question.get();
    } catch (RuntimeException failure) {
      asked = Future.failedFuture(failure);
    }
    Future<T> answer = asked;
    return Future.future(
        promise ->
            answer.onComplete(
                value -> context.runOnContext(v -> promise.complete(value)),
                failure -> {
                  if (!(failure instanceof HalcyonException)) {
                    log.error("publish gate failed [remoteAddress={}]", remoteAddress, failure);
                  }
                  context.runOnContext(v -> promise.fail(failure));
                }));
  }

  @Override
  public Future<UdpPair> openUdp(int track, int clientPort) {
    if (parts.options().certificate().isPresent()) {
      return Future.failedFuture("media would not be encrypted");
    }
    return UdpPair.open(
        parts.vertx(),
        parts.options().host(),
        parts.udpPorts(),
        new UdpPair.Client(remoteAddress, clientPort),
        parts.scratch().array(),
        (datagram, isControl) -> onDatagram(track, datagram, isControl));
  }

  private void onDatagram(int track, ByteBuffer datagram, boolean isControl) {
    lastBytesNs = clock.nanoTime();
    parts.metrics().countBytes(datagram.remaining());
    if (!isEnding) {
      guarded(() -> session.onDatagram(track, datagram, isControl));
    }
  }

  @Override
  public MediaReceiver receive(
      List<MediaReceiver.Medium> media, Publication publication, boolean isUdp) {
    return new MediaReceiver(
        media,
        publication,
        new MediaReceiver.Options(isUdp ? parts.options().reorderWaitMs() : 0),
        new BufferAccount(MAX_BUFFER_BYTES, parts.limits().bufferBytes()),
        parts.encodings(),
        medium -> {}, // RTSP has no way to ask for a keyframe.
        clock);
  }

  /** Answers that pile up unread are a way to fill our memory. */
  private void requirePeerReads() {
    if (socket.writeQueueFull()) {
      throw new HalcyonException(ErrorCode.PROTOCOL_VIOLATION, "peer does not read our answers");
    }
  }

  private void reject(String reason, String text) {
    parts.metrics().countRejection(reason, remoteAddress, text, clock.nanoTime());
    if (reason.equals("protocol_violation") && !isClosed && !isEnding) {
      socket.write(Buffer.buffer(RtspResponse.of(400, text).bytes()));
    }
    end(reason.equals("connection_lost") ? "connection lost" : text);
  }

  private void onSocketClosed() {
    isClosed = true;
    unread = null;
    if (!isLeaving) {
      finish("connection lost");
    }
  }

  private void finish(String reason) {
    if (!isFinished) {
      isFinished = true;
      isEnding = true;
      closeSession(reason);
      onClosed.accept(this);
    }
  }

  private void closeSession(String reason) {
    try {
      session.receiver().ifPresent(receiver -> meters.note(receiver.counts()));
      session.close(reason);
    } catch (RuntimeException failure) {
      log.error("closing a publication failed [remoteAddress={}]", remoteAddress, failure);
    }
  }

  private void startPublishDeadline() {
    publishDeadlineNs =
        clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(parts.options().publishTimeoutMs());
  }
}
