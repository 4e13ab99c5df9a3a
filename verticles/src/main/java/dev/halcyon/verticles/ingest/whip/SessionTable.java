package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.ConnectionLimits;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublisherMetrics;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a node: finds whose a datagram is, by the name in a connectivity check, and by
 * the path that such a check has opened. What nobody's is costs a look into a map. One thread.
 */
final class SessionTable implements WhipSession.Sessions {
  private static final Logger log = LoggerFactory.getLogger(SessionTable.class);

  private final WhipOptions options;
  private final ConnectionLimits limits;
  private final PublisherMetrics metrics;
  private final Clock clock;
  private final Map<String, WhipSession> byId = new LinkedHashMap<>();
  private final Map<String, WhipSession> byFragment = new HashMap<>();
  private final Map<PeerPath, WhipSession> byPath = new HashMap<>();
  private final List<WhipSession> leaving = new ArrayList<>();
  private final ConnectionLimits connectionLimits = new ConnectionLimits();

  /** Connections on which no check has come yet. */
  private final Set<TcpPath> strangers = new LinkedHashSet<>();

  SessionTable(
      WhipOptions options, ConnectionLimits limits, PublisherMetrics metrics, Clock clock) {
    this.options = options;
    this.limits = limits;
    this.metrics = metrics;
    this.clock = clock;
  }

  void add(WhipSession session) {
    byId.put(session.id(), session);
    byFragment.put(session.credentials().fragment(), session);
  }

  /**
   * @throws HalcyonException NOT_FOUND
   */
  WhipSession session(String id) {
    WhipSession session = byId.get(id);
    if (session == null) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "there is no such session");
    }
    return session;
  }

  void restart(WhipSession session, IceCredentials publisher) {
    byFragment.remove(session.credentials().fragment());
    session.restart(publisher);
    byFragment.put(session.credentials().fragment(), session);
  }

  void end(String id, String reason) {
    Optional.ofNullable(byId.get(id)).ifPresent(session -> session.end(reason));
  }

  void endAll(String reason) {
    List.copyOf(byId.values()).forEach(session -> session.end(reason));
    List.copyOf(strangers).forEach(TcpPath::close);
  }

  /** Takes a datagram, whoever sent it. */
  void onDatagram(PeerPath path, byte[] datagram) {
    metrics.countBytes(datagram.length);
    if (datagram.length > 0 && (datagram[0] & 0xff) <= 3) { // RFC 7983, 7.
      StunMessage.parse(datagram).ifPresent(message -> onStun(path, message));
      return;
    }
    WhipSession session = byPath.get(path);
    if (session != null) {
      guard(session, () -> session.onDatagram(datagram));
    }
  }

  @Override
  public void guard(WhipSession session, Runnable work) {
    try {
      work.run();
    } catch (HalcyonException hostile) {
      refuse(session, hostile.code().name(), hostile.getMessage());
    } catch (RuntimeException defect) {
      log.error("session failed [remoteAddress={}]", session.remoteAddress(), defect);
      refuse(session, ErrorCode.INTERNAL.name(), "internal error");
    }
  }

  private void refuse(WhipSession session, String reason, String text) {
    metrics.countRejection(
        reason.toLowerCase(Locale.ROOT), session.remoteAddress(), text, clock.nanoTime());
    session.end(text);
  }

  private void onStun(PeerPath path, StunMessage message) {
    if (message.type() != StunMessage.BINDING_REQUEST) {
      return;
    }
    Optional<WhipSession> session = message.receiver().map(byFragment::get);
    if (session.isPresent() && session.get().onCheck(message, path)) {
      if (path instanceof TcpPath connection) {
        strangers.remove(connection);
      }
    } else if (session.isPresent()) {
      metrics.countRejection(
          "bad_check",
          path.peer().getAddress().getHostAddress(),
          "a check with another password",
          clock.nanoTime());
    }
  }

  void onConnection(NetSocket socket) {
    String address = socket.remoteAddress().hostAddress();
    if (!connectionLimits.enter(
        address, 2 * options.maxSessions(), 2 * options.maxSessionsPerAddress())) {
      metrics.countRejection("connection_limit", address, "too many", clock.nanoTime());
      socket.close();
      return;
    }
    TcpPath path = new TcpPath(socket, clock.nanoTime(), this::onDatagram);
    strangers.add(path);
    path.begin(this::onConnectionClosed);
  }

  private void onConnectionClosed(TcpPath path) {
    connectionLimits.leave(path.peer().getAddress().getHostAddress());
    strangers.remove(path);
    Optional.ofNullable(byPath.remove(path)).ifPresent(session -> session.onPathClosed(path));
  }

  /** Every 20 ms or so. */
  void poll() {
    for (WhipSession session : List.copyOf(byId.values())) {
      guard(session, session::poll);
    }
    long nowNs = clock.nanoTime();
    long limitNs = TimeUnit.MILLISECONDS.toNanos(options.handshakeTimeoutMs());
    List.copyOf(strangers).stream()
        .filter(path -> nowNs - path.openedNs() >= limitNs)
        .forEach(TcpPath::close);
    for (Iterator<WhipSession> each = leaving.iterator(); each.hasNext(); ) {
      WhipSession left = each.next();
      if (left.isQuiet()) {
        each.remove();
        left.paths().forEach(this::onPathLeft);
      }
    }
  }

  /** Whether nothing is left to be sent. */
  boolean isQuiet() {
    return byId.isEmpty() && leaving.isEmpty();
  }

  @Override
  public void onPath(WhipSession session, PeerPath path) {
    byPath.put(path, session);
  }

  @Override
  public void onPathLeft(PeerPath path) {
    byPath.remove(path);
    if (path instanceof TcpPath connection) {
      connection.close();
    }
  }

  @Override
  public void onEnded(WhipSession session, String reason) {
    byId.remove(session.id());
    byFragment.remove(session.credentials().fragment());
    limits.leave(session.remoteAddress());
    leaving.add(session);
    if (!reason.equals(Publication.UNPUBLISHED)) {
      metrics.countRejection(kindOf(reason), session.remoteAddress(), reason, clock.nanoTime());
    }
  }

  /** A meter's tag has few values. */
  private static String kindOf(String reason) {
    return switch (reason) {
      case "connection lost", "disconnected", "server stopping" -> reason.replace(' ', '_');
      default -> reason.startsWith("handshake") || reason.startsWith("no ") ? "handshake" : "fault";
    };
  }
}
