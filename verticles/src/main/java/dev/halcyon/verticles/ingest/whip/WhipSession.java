package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publisher from its offer to its end: the near end of ICE (lite, RFC 8445 2.5), DTLS and SRTP.
 * Lives on the event loop of its verticle.
 */
final class WhipSession {
  private static final Logger log = LoggerFactory.getLogger(WhipSession.class);

  /** A publisher on many networks tries each of its addresses. */
  private static final int MAX_PATHS = 16;

  /** A publisher that has its keys may send before we have ours: the first keyframe, mostly. */
  private static final int MAX_EARLY = 128;

  /** Frames of native memory; larger pictures than these fit are none. */
  private static final int MAX_BUFFER_BYTES = 32 << 20;

  private final String id;
  private final WhipOffer offer;
  private final String remoteAddress;
  private final Publication publication;
  private final WhipOptions options;
  private final Clock clock;
  private final Sessions sessions;
  private final DtlsAssociation dtls;
  private final WhipMedia media;
  private final Deque<PeerPath> paths = new ArrayDeque<>();
  private final Deque<byte[]> early = new ArrayDeque<>();
  private final long startNs;

  private IceCredentials ours = IceCredentials.create();
  private IceCredentials theirs;
  private Optional<PeerPath> chosen = Optional.empty();
  private Optional<SrtpReceiver> receiver = Optional.empty();
  private Optional<SrtpSender> sender = Optional.empty();
  private boolean hasBegunHandshake;
  private boolean isEnded;
  private boolean isDtlsEnded;
  private long heardNs;

  /** Where a session is known; on the event loop. */
  interface Sessions {
    /** Datagrams on this path are the session's from now on. */
    void onPath(WhipSession session, PeerPath path);

    void onPathLeft(PeerPath path);

    /** Does what the publisher has caused; a failure ends this session only. */
    void guard(WhipSession session, Runnable work);

    /** It took nothing but from its publisher; what it holds is given back. */
    void onEnded(WhipSession session, String reason);
  }

  WhipSession(
      String id,
      WhipOffer offer,
      String remoteAddress,
      Publication publication,
      WhipOptions options,
      DtlsIdentity identity,
      BufferAccount account,
      Sessions sessions,
      Executor home,
      Clock clock) {
    this.id = id;
    this.offer = offer;
    this.theirs = offer.ice();
    this.remoteAddress = remoteAddress;
    this.publication = publication;
    this.options = options;
    this.sessions = sessions;
    this.clock = clock;
    this.startNs = clock.nanoTime();
    this.heardNs = startNs;
    this.media =
        new WhipMedia(
            offer, publication, options.keyframeIntervalMs(), account, this::sendControl, clock);
    this.dtls =
        new DtlsAssociation(
            new DtlsTerms(identity, offer.fingerprint(), (int) options.handshakeTimeoutMs()),
            offer.isPassive(),
            datagram -> home.execute(() -> send(datagram)),
            new Events(),
            home);
  }

  static int maxBufferBytes() {
    return MAX_BUFFER_BYTES;
  }

  String id() {
    return id;
  }

  String remoteAddress() {
    return remoteAddress;
  }

  IceCredentials credentials() {
    return ours;
  }

  WhipOffer offer() {
    return offer;
  }

  /** Whether these are those of the publisher that this generation of ICE knows. */
  boolean isOf(IceCredentials publisher) {
    return theirs.equals(publisher);
  }

  /** Begins the next generation of ICE; what runs goes on until a check of it comes. */
  void restart(IceCredentials publisher) {
    theirs = publisher;
    ours = IceCredentials.create();
  }

  /**
   * A request that names this session came on a path.
   *
   * @return whether its sender knows our password
   */
  boolean onCheck(StunMessage check, PeerPath path) {
    if (isEnded || !check.isFrom(ours.password())) {
      return false;
    }
    heardNs = clock.nanoTime();
    path.send(check.success(path.peer(), ours.password()));
    if (!paths.contains(path)) {
      paths.addLast(path);
      sessions.onPath(this, path);
      if (paths.size() > MAX_PATHS) {
        sessions.onPathLeft(paths.removeFirst());
      }
    }
    if (check.isNominating() || chosen.isEmpty()) {
      chosen = Optional.of(path);
    }
    if (!hasBegunHandshake) {
      hasBegunHandshake = true;
      dtls.start();
    }
    return true;
  }

  /** A datagram that is no STUN came on a path of this session. Its bytes may be changed. */
  void onDatagram(byte[] datagram) {
    if (isEnded || datagram.length < 2) {
      return;
    }
    int first = datagram[0] & 0xff;
    if (first >= 20 && first <= 63) { // RFC 7983, 7.
      dtls.onDatagram(datagram);
    } else if (first >= 128 && first <= 191) {
      if (receiver.isPresent()) {
        onProtected(datagram);
      } else if (early.size() < MAX_EARLY) {
        early.add(datagram);
      }
    }
  }

  private void onProtected(byte[] datagram) {
    int type = datagram[1] & 0xff;
    boolean isControl = type >= 192 && type <= 223; // RFC 5761, 4.
    if (isControl) {
      onControl(datagram);
    } else {
      onMedia(datagram);
    }
  }

  private void onMedia(byte[] datagram) {
    int length = receiver.get().openRtp(datagram, datagram.length);
    if (length != SrtpCipher.REFUSED) {
      heardNs = clock.nanoTime();
      media.onRtp(datagram, length);
    }
  }

  private void onControl(byte[] datagram) {
    int length = receiver.get().openRtcp(datagram, datagram.length);
    if (length != SrtpCipher.REFUSED) {
      heardNs = clock.nanoTime();
      media.onRtcp(datagram, length);
    }
  }

  /** A path is no more. */
  void onPathClosed(PeerPath path) {
    paths.remove(path);
    if (chosen.filter(path::equals).isPresent()) {
      chosen = Optional.ofNullable(paths.peekLast());
    }
  }

  /** Every 20 ms or so. */
  void poll() {
    long nowNs = clock.nanoTime();
    boolean isLate =
        receiver.isEmpty()
            && nowNs - startNs >= TimeUnit.MILLISECONDS.toNanos(options.handshakeTimeoutMs());
    if (isLate) {
      String missing = hasBegunHandshake ? "no handshake" : "no connectivity check came";
      end(missing + " in " + options.handshakeTimeoutMs() + " ms");
    } else if (nowNs - heardNs >= TimeUnit.MILLISECONDS.toNanos(options.idleTimeoutMs())) {
      end("connection lost");
    } else if (receiver.isPresent()) {
      media.poll();
    }
  }

  private void send(byte[] datagram) {
    chosen.ifPresent(path -> path.send(datagram));
  }

  private void sendControl(byte[] packet) {
    sender.ifPresent(keys -> send(keys.sealRtcp(packet)));
  }

  /** Ends it, and the publication for this reason. Idempotent. */
  void end(String reason) {
    if (isEnded) {
      return;
    }
    isEnded = true;
    dtls.close();
    try {
      media.close();
    } catch (RuntimeException failure) {
      log.error("what waited is lost [remoteAddress={}]", remoteAddress, failure);
    }
    try {
      publication.close(reason);
    } catch (RuntimeException failure) {
      log.error("closing a publication failed [remoteAddress={}]", remoteAddress, failure);
    }
    if (!hasBegunHandshake) {
      isDtlsEnded = true;
    }
    sessions.onEnded(this, reason);
  }

  /** Whether nothing of it is left to be sent. */
  boolean isQuiet() {
    return isEnded && isDtlsEnded;
  }

  List<PeerPath> paths() {
    return new ArrayList<>(paths);
  }

  private final class Events implements DtlsAssociation.Events {
    @Override
    public void onKeys(SrtpKeys own, SrtpKeys publishers) {
      sender = Optional.of(new SrtpSender(own));
      receiver = Optional.of(new SrtpReceiver(publishers));
      heardNs = clock.nanoTime();
      sessions.guard(WhipSession.this, this::takeEarly);
    }

    private void takeEarly() {
      while (!early.isEmpty() && !isEnded) {
        onProtected(early.remove());
      }
    }

    @Override
    public void onEnded(String reason, boolean isGoodbye) {
      isDtlsEnded = true;
      end(isGoodbye ? Publication.UNPUBLISHED : reason);
    }
  }
}
