package dev.halcyon.verticles.ingest.whip;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.DatagramTransport;

/**
 * Bridges an event loop, which hands in datagrams and never waits, and the handshake's thread,
 * which does. What does not fit is dropped, as the network would.
 */
final class DtlsLink implements DatagramTransport {
  /** Two flights. */
  private static final int MAX_WAITING = 32;

  private static final int MAX_RECEIVED_BYTES = 2_048;

  /** With all headers below the 1,280 bytes that IPv6 guarantees. */
  private static final int MAX_SENT_BYTES = 1_200;

  private static final byte[] END = {};

  private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Consumer<byte[]> sender;
  private volatile boolean isClosed;

  /**
   * @param sender called on the handshake's thread
   */
  DtlsLink(Consumer<byte[]> sender) {
    this.sender = sender;
  }

  /** Never blocks; any thread. */
  void offer(byte[] datagram) {
    if (!isClosed && datagram.length <= MAX_RECEIVED_BYTES) {
      waiting.offer(datagram);
    }
  }

  /** Wakes whoever waits for a datagram: there will be none. Any thread. */
  void end() {
    isClosed = true;
    waiting.clear();
    waiting.offer(END);
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public int getReceiveLimit() {
    return MAX_RECEIVED_BYTES;
  }

  @Override
  public int getSendLimit() {
    return MAX_SENT_BYTES;
  }

  @Override
  public int receive(byte[] buffer, int offset, int length, int waitMs) throws IOException {
    byte[] datagram;
    try {
      datagram = waiting.poll(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    if (isClosed) {
      // Of this kind no failure is told to the peer, so that a goodbye can follow.
      throw new InterruptedIOException("closed");
    }
    if (datagram == null) {
      return -1;
    }
    int taken = Math.min(length, datagram.length);
    System.arraycopy(datagram, 0, buffer, offset, taken);
    return taken;
  }

  @Override
  public void send(byte[] buffer, int offset, int length) {
    byte[] datagram = new byte[length];
    System.arraycopy(buffer, offset, datagram, 0, length);
    sender.accept(datagram);
  }

  /** The association has ended, by either side. */
  @Override
  public void close() {
    end();
  }
}
