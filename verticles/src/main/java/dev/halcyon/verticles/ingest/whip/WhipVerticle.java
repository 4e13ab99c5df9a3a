package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Takes what browsers and other WebRTC encoders publish: media on one port, requests through {@link
 * WhipDesk}. Deploy one; its sessions live on its event loop.
 */
public final class WhipVerticle extends VerticleBase implements WhipDesk {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SESSION_ID_BYTES = 16;
  private static final long POLL_MS = 20;

  private final WhipOptions options;
  private final PublishGate gate;
  private final MeterRegistry registry;
  private final Clock clock = Clock.system();
  private final ConnectionLimits limits = new ConnectionLimits();

  private SessionTable table;
  private PublisherMetrics metrics;
  private DtlsIdentity identity;
  private IceSocket socket;
  private IceCandidates candidates;
  private volatile boolean isOpen;
  private volatile int actualPort;

  public WhipVerticle(WhipOptions options, PublishGate gate, MeterRegistry registry) {
    this.options = Objects.requireNonNull(options, "options");
    this.gate = Objects.requireNonNull(gate, "gate");
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  /** The UDP and TCP port listened on; 0 before the verticle is deployed. Any thread. */
  public int actualPort() {
    return actualPort;
  }

  @Override
  public Future<?> start() {
    metrics = new PublisherMetrics("whip", registry, limits);
    table = new SessionTable(options, limits, metrics, clock);
    socket = new IceSocket(vertx, options.host());
    return vertx
        .executeBlocking(() -> DtlsIdentity.create(clock.now()))
        .onSuccess(created -> identity = created)
        .compose(created -> socket.listen(options.port(), table::onDatagram, table::onConnection))
        .compose(port -> vertx.executeBlocking(() -> reachedAt(port)))
        .onSuccess(
            found -> {
              candidates = found;
              actualPort = found.port();
              vertx.setPeriodic(POLL_MS, tick -> table.poll());
              isOpen = true;
            });
  }

  private IceCandidates reachedAt(int port) throws Exception {
    return IceCandidates.find(
        options.publicAddresses(), InetAddress.getByName(options.host()), port);
  }

  /** Takes no more, ends each session, and lets their goodbyes leave. */
  @Override
  public Future<?> stop() {
    isOpen = false;
    table.endAll("server stopping");
    return whenQuiet(50).eventually(socket::close);
  }

  private Future<Void> whenQuiet(int attempts) {
    table.poll();
    return table.isQuiet() || attempts == 0
        ? Future.succeededFuture()
        : vertx.timer(POLL_MS).compose(tick -> whenQuiet(attempts - 1));
  }

  @Override
  public Future<Answer> publish(Offer offer) {
    return here(() -> open(offer));
  }

  private Future<Answer> open(Offer offer) {
    WhipOffer parsed = WhipOffer.parse(offer.sdp().getBytes(StandardCharsets.UTF_8));
    String address = offer.remoteAddress();
    if (!limits.enter(address, options.maxSessions(), options.maxSessionsPerAddress())) {
      metrics.countRejection("connection_limit", address, "too many", clock.nanoTime());
      throw new HalcyonException(ErrorCode.OVERLOADED, "too many publish already");
    }
    String id = randomId();
    AtomicBoolean isUnwanted = new AtomicBoolean();
    PublishRequest request =
        new PublishRequest(
            "whip",
            offer.streamKey(),
            address,
            () -> {
              isUnwanted.set(true);
              context.runOnContext(called -> table.end(id, "disconnected"));
            });
    return opened(request)
        .onFailure(refused -> limits.leave(address))
        .compose(
            publication -> here(() -> begin(id, parsed, offer, publication, isUnwanted.get())));
  }

  private Future<Publication> opened(PublishRequest request) {
    try {
      return gate.open(request);
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }

  private Future<Answer> begin(
      String id, WhipOffer parsed, Offer offer, Publication publication, boolean isUnwanted) {
    if (isUnwanted || !isOpen) {
      limits.leave(offer.remoteAddress());
      publication.close("disconnected");
      throw new HalcyonException(ErrorCode.STREAM_PAUSED, "the stream was paused");
    }
    WhipSession session =
        new WhipSession(
            id,
            parsed,
            offer.remoteAddress(),
            publication,
            options,
            identity,
            new BufferAccount(WhipSession.maxBufferBytes(), limits.bufferBytes()),
            table,
            task -> context.runOnContext(called -> task.run()),
            clock);
    table.add(session);
    String sdp =
        new AnswerWriter(
                session.credentials(), identity.fingerprint(), candidates.lines(offer.isLocal()))
            .answer(parsed, RANDOM.nextLong(Long.MAX_VALUE));
    return Future.succeededFuture(new Answer(id, tagOf(session), sdp));
  }

  @Override
  public Future<Optional<Answer>> trickle(String sessionId, Optional<String> tag, byte[] fragment) {
    return here(() -> Future.succeededFuture(tryTrickle(sessionId, tag, fragment)));
  }

  private Optional<Answer> tryTrickle(String sessionId, Optional<String> tag, byte[] fragment) {
    WhipSession session = table.session(sessionId);
    Optional<IceCredentials> told = IceFragment.credentials(fragment);
    boolean isRestart = told.isPresent() && !session.isOf(told.get());
    boolean isAnyTag = isRestart && tag.equals(Optional.of("*"));
    if (tag.isPresent() && !isAnyTag && !tag.get().equals(tagOf(session))) {
      throw new HalcyonException(
          ErrorCode.PRECONDITION_FAILED, "this is about another generation of ICE");
    }
    if (!isRestart) {
      return Optional.empty(); // We answer whoever knows the password, wherever they are.
    }
    table.restart(session, told.get());
    String sdp =
        new AnswerWriter(session.credentials(), identity.fingerprint(), candidates.lines(true))
            .restart();
    return Optional.of(new Answer(sessionId, tagOf(session), sdp));
  }

  @Override
  public Future<Void> end(String sessionId) {
    return here(
        () -> {
          table.session(sessionId).end(Publication.UNPUBLISHED);
          return Future.succeededFuture();
        });
  }

  private static String tagOf(WhipSession session) {
    return '"' + session.credentials().fragment() + '"';
  }

  private static String randomId() {
    byte[] id = new byte[SESSION_ID_BYTES];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** Does something on this verticle's event loop. */
  private <T> Future<T> here(Supplier<Future<T>> work) {
    if (!isOpen) {
      return Future.failedFuture(
          new HalcyonException(ErrorCode.OVERLOADED, "publishers are not taken now"));
    }
    return Future.future(
        result ->
            context.runOnContext(
                called -> {
                  try {
                    work.get().onComplete(result);
                  } catch (RuntimeException failure) {
                    result.fail(failure);
                  }
                }));
  }
}
