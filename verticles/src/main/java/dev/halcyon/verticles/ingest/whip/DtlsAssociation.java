package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DTLS with one publisher, from the handshake to the last goodbye, on a virtual thread of its own:
 * the protocol's code waits where it stands. Its owner lives on an event loop, begins it and closes
 * it.
 */
final class DtlsAssociation {
  private static final Logger log = LoggerFactory.getLogger(DtlsAssociation.class);
  private static final AtomicLong NUMBER = new AtomicLong();

  /** Nothing but alerts and repeated flights comes after the handshake. */
  private static final int RECEIVE_MS = 30_000;

  private final DtlsLink link;
  private final DtlsTerms terms;
  private final boolean isClient;
  private final Events events;
  private final Executor home;
  private volatile boolean isLeaving;

  /** What happens to it; on the owner's event loop. */
  interface Events {
    void onKeys(SrtpKeys ours, SrtpKeys theirs);

    /** Once, and the last. */
    void onEnded(String reason, boolean isGoodbye);
  }

  /**
   * @param isClient whether we begin
   * @param sender puts a datagram on its way; called on the association's thread
   * @param home of the events
   */
  DtlsAssociation(
      DtlsTerms terms, boolean isClient, Consumer<byte[]> sender, Events events, Executor home) {
    this.terms = terms;
    this.isClient = isClient;
    this.link = new DtlsLink(sender);
    this.events = events;
    this.home = home;
  }

  void start() {
    Thread.ofVirtual().name("whip-dtls-" + NUMBER.getAndIncrement()).start(this::run);
  }

  /** Hands in a datagram. Never blocks. */
  void onDatagram(byte[] datagram) {
    link.offer(datagram);
  }

  /** Says goodbye, if there was a handshake; {@link Events#onEnded} follows. */
  void close() {
    isLeaving = true;
    link.end();
  }

  private void run() {
    String reason = "handshake failed";
    boolean isGoodbye = false;
    try {
      DTLSTransport transport = handshake();
      reason = "connection lost";
      isGoodbye = follow(transport);
    } catch (TlsTimeoutException late) {
      reason = "handshake not in time";
    } catch (IOException failure) {
      reason = isLeaving ? "left" : reason + ": " + told(failure);
    } catch (RuntimeException defect) {
      log.error("DTLS failed", defect);
    }
    link.end();
    String ended = reason;
    boolean isOrderly = isGoodbye;
    home.execute(() -> events.onEnded(ended, isOrderly));
  }

  private static String told(IOException failure) {
    return failure instanceof TlsFatalAlertReceived alert
        ? "the publisher refused it: " + alert.getMessage()
        : failure.getMessage();
  }

  private DTLSTransport handshake() throws IOException {
    BcTlsCrypto crypto = new BcTlsCrypto();
    if (isClient) {
      DtlsClientPeer peer = new DtlsClientPeer(crypto, terms);
      DTLSTransport transport = new DTLSClientProtocol().connect(peer, link);
      DtlsTerms.Keys keys = peer.keys();
      home.execute(() -> events.onKeys(keys.ofClient(), keys.ofServer()));
      return transport;
    }
    DtlsServerPeer peer = new DtlsServerPeer(crypto, terms);
    DTLSTransport transport = new DTLSServerProtocol().accept(peer, link);
    DtlsTerms.Keys keys = peer.keys();
    home.execute(() -> events.onKeys(keys.ofServer(), keys.ofClient()));
    return transport;
  }

  /**
   * Answers what is repeated and waits for the end.
   *
   * @return whether the publisher said goodbye
   */
  private boolean follow(DTLSTransport transport) throws IOException {
    byte[] buffer = new byte[transport.getReceiveLimit()];
    try {
      while (!link.isClosed()) {
        transport.receive(buffer, 0, buffer.length, RECEIVE_MS);
      }
    } catch (TlsFatalAlertReceived alert) {
      throw alert;
    } catch (IOException failure) {
      if (!link.isClosed()) {
        throw failure;
      }
    } finally {
      transport.close();
    }
    return !isLeaving;
  }
}
