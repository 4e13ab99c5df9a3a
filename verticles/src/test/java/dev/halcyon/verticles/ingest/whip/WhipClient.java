package dev.halcyon.verticles.ingest.whip;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A publisher of its own over UDP, which may do what no browser would. Used by one thread. */
final class WhipClient implements AutoCloseable {
  static final int VIDEO_TYPE = 96;
  static final int AUDIO_TYPE = 97;
  static final int AGAIN_TYPE = 98;

  private static final int TIMEOUT_S = 20;

  private final Wire wire;
  private final IceCredentials ours = IceCredentials.create();
  private final DtlsIdentity identity = DtlsIdentity.create(Instant.now());
  private final CompletableFuture<SrtpKeys> keys = new CompletableFuture<>();
  private final CompletableFuture<SrtpReceiver> control = new CompletableFuture<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<byte[]> feedback = new LinkedBlockingQueue<>();
  private Thread reader;
  private DtlsAssociation dtls;
  private SealedRtp sealed;
  private IceCredentials theirs;
  private Fingerprint expected;
  private volatile boolean isClosed;

  /** How datagrams travel. */
  private interface Wire extends AutoCloseable {
    void connect(InetSocketAddress server) throws IOException;

    void send(byte[] datagram) throws IOException;

    byte[] receive() throws IOException;

    int localPort();

    @Override
    void close() throws IOException;
  }

  private WhipClient(Wire wire) {
    this.wire = wire;
  }

  static WhipClient overUdp() throws IOException {
    DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    byte[] buffer = new byte[2_048];
    return new WhipClient(
        new Wire() {
          @Override
          public void connect(InetSocketAddress server) throws IOException {
            socket.connect(server);
          }

          @Override
          public void send(byte[] datagram) throws IOException {
            socket.send(new DatagramPacket(datagram, datagram.length));
          }

          @Override
          public byte[] receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            socket.receive(packet);
            return Arrays.copyOf(buffer, packet.getLength());
          }

          @Override
          public int localPort() {
            return socket.getLocalPort();
          }

          @Override
          public void close() {
            socket.close();
          }
        });
  }

  static WhipClient overTcp() {
    Socket socket = new Socket();
    return new WhipClient(
        new Wire() {
          @Override
          public void connect(InetSocketAddress server) throws IOException {
            socket.connect(server);
          }

          @Override
          public void send(byte[] datagram) throws IOException {
            ByteBuffer framed = ByteBuffer.allocate(2 + datagram.length);
            framed.putShort((short) datagram.length).put(datagram);
            socket.getOutputStream().write(framed.array());
          }

          @Override
          public byte[] receive() throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] datagram = new byte[in.readUnsignedShort()];
            in.readFully(datagram);
            return datagram;
          }

          @Override
          public int localPort() {
            return socket.getLocalPort();
          }

          @Override
          public void close() throws IOException {
            socket.close();
          }
        });
  }

  /**
   * An offer of H.264 with retransmission, and Opus.
   *
   * @param parameterSets of the pictures, in Base64
   */
  byte[] offer(String parameterSets) {
    return offer(parameterSets, identity.fingerprint());
  }

  byte[] offer(String parameterSets, Fingerprint fingerprint) {
    return """
    v=0
    o=- 1 2 IN IP4 127.0.0.1
    s=-
    t=0 0
    a=group:BUNDLE 0 1
    a=ice-ufrag:%1$s
    a=ice-pwd:%2$s
    a=fingerprint:%3$s
    a=setup:actpass
    m=video 9 UDP/TLS/RTP/SAVPF 96 98
    a=mid:0
    a=sendonly
    a=rtcp-mux
    a=rtcp-rsize
    a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
    a=rtpmap:96 H264/90000
    a=fmtp:96 packetization-mode=1;sprop-parameter-sets=%4$s
    a=rtcp-fb:96 nack
    a=rtcp-fb:96 nack pli
    a=rtcp-fb:96 transport-cc
    a=rtpmap:98 rtx/90000
    a=fmtp:98 apt=96
    m=audio 9 UDP/TLS/RTP/SAVPF 97
    a=mid:1
    a=sendonly
    a=rtcp-mux
    a=rtpmap:97 opus/48000/2
    """
        .formatted(ours.fragment(), ours.password(), fingerprint, parameterSets)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the answer and goes where it says. */
  void connect(String answer) throws Exception {
    List<String> lines = answer.lines().toList();
    theirs = new IceCredentials(value(lines, "a=ice-ufrag:"), value(lines, "a=ice-pwd:"));
    expected = Fingerprint.parse(value(lines, "a=fingerprint:"));
    String[] candidate = value(lines, "a=candidate:").split(" ", -1);
    wire.connect(
        new InetSocketAddress(InetAddress.ofLiteral(candidate[4]), Integer.parseInt(candidate[5])));
    reader = Thread.ofPlatform().daemon().name("whip-client").start(this::read);
  }

  /** Has its path checked. */
  void check() throws Exception {
    check(theirs.password());
    StunMessage told = StunMessage.parse(next(answers)).orElseThrow();
    assertTrue(told.isFrom(theirs.password()));
    assertTrue(told.mapped().orElseThrow().getPort() == wire.localPort());
    dtls =
        new DtlsAssociation(
            new DtlsTerms(identity, expected, 15_000),
            true,
            this::send,
            new DtlsAssociation.Events() {
              @Override
              public void onKeys(SrtpKeys own, SrtpKeys others) {
                keys.complete(own);
                control.complete(new SrtpReceiver(others));
              }

              @Override
              public void onEnded(String reason, boolean isGoodbye) {
                ended.complete(reason);
              }
            },
            Runnable::run);
  }

  /** Agrees on keys. */
  void handshake() throws Exception {
    dtls.start();
    sealed = new SealedRtp(keys.get(TIMEOUT_S, TimeUnit.SECONDS));
  }

  /** Begins to agree on keys; how that ended. */
  CompletableFuture<String> tryHandshake() {
    dtls.start();
    return ended;
  }

  SrtpKeys keys() {
    return keys.join();
  }

  /** Sends a connectivity check with a password, right or wrong. */
  void check(String password) {
    send(StunMessage.request(new byte[12], theirs.fragment() + ':' + ours.fragment(), password));
  }

  IceCredentials theirs() {
    return theirs;
  }

  boolean isAnswered() throws InterruptedException {
    return answers.poll(300, TimeUnit.MILLISECONDS) != null;
  }

  void sendMedia(byte[] packet) {
    send(sealed.seal(packet));
  }

  /** The same packet under another payload type and source (RFC 4588). */
  void sendAgain(byte[] packet, int sequence, int ssrc) {
    byte[] again = new byte[packet.length + 2];
    System.arraycopy(packet, 0, again, 0, 12);
    System.arraycopy(packet, 2, again, 12, 2);
    System.arraycopy(packet, 12, again, 14, packet.length - 12);
    again[1] = (byte) ((packet[1] & 0x80) | AGAIN_TYPE);
    ByteBuffer.wrap(again).putShort(2, (short) sequence).putInt(8, ssrc);
    sendMedia(again);
  }

  void send(byte[] datagram) {
    try {
      wire.send(datagram);
    } catch (IOException closed) {
      throw new AssertionError(closed);
    }
  }

  /** The next control packet of the server, if there is one soon; opened. */
  byte[] feedback(long waitMs) throws InterruptedException {
    return feedback.poll(waitMs, TimeUnit.MILLISECONDS);
  }

  void leave() {
    dtls.close();
  }

  private void read() {
    try {
      while (!isClosed) {
        onDatagram(wire.receive());
      }
    } catch (IOException closed) {
      ended.complete("the wire is closed");
    }
  }

  private void onDatagram(byte[] datagram) {
    int first = datagram[0] & 0xff;
    if (first < 4) {
      answers.add(datagram);
    } else if (first < 64) {
      dtls.onDatagram(datagram);
    } else {
      int length = control.join().openRtcp(datagram, datagram.length);
      if (length > 0) {
        feedback.add(Arrays.copyOf(datagram, length));
      }
    }
  }

  private static byte[] next(BlockingQueue<byte[]> queue) throws InterruptedException {
    byte[] datagram = queue.poll(TIMEOUT_S, TimeUnit.SECONDS);
    assertTrue(datagram != null, "no answer");
    return datagram;
  }

  private static String value(List<String> lines, String prefix) {
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    if (dtls != null) {
      dtls.close();
    }
    wire.close();
    try {
      if (reader != null) {
        reader.join(5_000);
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
