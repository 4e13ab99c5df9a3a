package dev.halcyon.verticles.ingest.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.ingest.RecordingGate;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.rtsp.RtspOptions.PortRange;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server on real sockets, with clients that do wrong. */
@Timeout(60)
class RtspVerticleTest {
  private static final PortRange PORTS = new PortRange(42_000, 42_999);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RecordingGate gate = new RecordingGate(SessionRun.KEY);
  private final List<Client> clients = new ArrayList<>();
  private RtspVerticle server;
  private String deploymentId;

  private void start(RtspOptions options) throws Exception {
    SoundEncoding.Factory none =
        (rateHz, channels, sink) -> {
          throw new AssertionError("no sound is to be encoded");
        };
    server = new RtspVerticle(options, gate, gate, none, registry);
    deploymentId = vertx.deployVerticle(server).await(10, TimeUnit.SECONDS);
  }

  private static RtspOptions options(int perAddress, long publishMs, long idleMs) {
    return new RtspOptions("127.0.0.1", 0, "live", PORTS, 300, 100, perAddress, publishMs, idleMs);
  }

  private Client client() throws IOException {
    Client client = new Client(server.actualPort());
    clients.add(client);
    return client;
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (Client client : clients) {
      client.close();
    }
    until("no connection", () -> gauge("halcyon.rtsp.connections") == 0);
    until("no port lent", () -> gauge("halcyon.rtsp.udp.tracks") == 0);
    assertEquals(0, gauge("halcyon.rtsp.buffer.bytes"));
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double rejections(String reason) {
    var counter = registry.find("halcyon.rtsp.rejected").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadlineNs < 0, () -> "not in time: " + what);
      LockSupport.parkNanos(2_000_000);
    }
  }

  private RecordingPublication publication() {
    return gate.publications().getLast();
  }

  @Test
  void takesMediaOverTheConnection() throws Exception {
    start(options(10, 20_000, 20_000));
    Client client = client();
    client.record("RTP/AVP/TCP;unicast;interleaved=0-1");
    client.sendFrame(0, sound(1));
    client.sendFrame(0, sound(2));
    until("two packets", () -> publication().packets().size() == 2);
    client.close();
    until("closed", () -> !publication().closings().isEmpty());
    assertEquals(List.of("connection lost"), publication().closings());
  }

  @Test
  void takesMediaOverUdpFromThePublisherOnly() throws Exception {
    start(options(10, 20_000, 20_000));
    try (DatagramSocket mine = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket foreign = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Client client = client();
      String transport = client.record("RTP/AVP;unicast;client_port=" + mine.getLocalPort() + "-1");
      Matcher ports = Pattern.compile("server_port=(\\d+)-(\\d+)").matcher(transport);
      assertTrue(ports.find(), transport);
      int port = Integer.parseInt(ports.group(1));
      assertEquals(0, port % 2);
      assertEquals(port + 1, Integer.parseInt(ports.group(2)));
      assertEquals(1, gauge("halcyon.rtsp.udp.tracks"));
      send(mine, port, sound(1));
      until("one packet", () -> publication().packets().size() == 1);
      send(foreign, port, sound(2));
      send(mine, port, sound(3));
      send(mine, port, sound(2));
      until("three packets", () -> publication().packets().size() == 3);
      client.sayGoodbye();
      client.close();
      send(mine, port, sound(4));
      until("closed", () -> !publication().closings().isEmpty());
      assertEquals(List.of("unpublished"), publication().closings());
      assertEquals(
          4, publication().packets().size(), "what came before the farewell was passed on");
    }
  }

  private static void send(DatagramSocket from, int port, byte[] datagram) throws IOException {
    from.send(
        new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
  }

  private static byte[] sound(int number) {
    return ByteBuffer.allocate(20)
        .put(new byte[] {(byte) 0x80, (byte) 0xe1, 0, (byte) number})
        .putInt(1024 * number)
        .putInt(7)
        .put(new byte[] {0, 16, 0, 32, 1, 2, 3, 4})
        .array();
  }

  @Test
  void reportsToThePublisherOverTheConnection() throws Exception {
    start(options(10, 20_000, 20_000));
    Client client = client();
    client.record("RTP/AVP/TCP;unicast;interleaved=4-5");
    client.sendFrame(4, sound(1));
    byte[] report = client.readFrame(5);
    assertEquals((byte) 201, report[1]);
    assertEquals(7, ByteBuffer.wrap(report).getInt(8));
  }

  @Test
  void closesWhoDoesNotPublishInTimeHoweverSlowlyItTalks() throws Exception {
    start(options(10, 600, 20_000));
    Client client = client();
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (rejections("publish_timeout") == 0) {
      assertTrue(System.nanoTime() - deadlineNs < 0);
      client.sendQuietly("O");
      LockSupport.parkNanos(50_000_000);
    }
    until("gone", () -> gauge("halcyon.rtsp.connections") == 0);
  }

  @Test
  void closesAPublisherThatFallsSilent() throws Exception {
    start(options(10, 20_000, 700));
    Client client = client();
    client.record("RTP/AVP/TCP;unicast;interleaved=0-1");
    client.sendFrame(0, sound(1));
    until("gone", () -> gauge("halcyon.rtsp.connections") == 0);
    assertEquals(List.of("connection lost"), publication().closings());
    assertEquals(1, rejections("connection_lost"));
  }

  @Test
  void boundsTheConnectionsOfAnAddress() throws Exception {
    start(options(2, 20_000, 20_000));
    client();
    client();
    until("two", () -> gauge("halcyon.rtsp.connections") == 2);
    Client third = client();
    assertEquals(-1, third.in().read());
    assertEquals(1, rejections("connection_limit"));
  }

  @Test
  void tellsWhatWasWrongAndHangsUp() throws Exception {
    start(options(10, 20_000, 20_000));
    Client client = client();
    client.send("nonsense\r\n\r\n");
    String answer = client.readAnswer();
    assertTrue(answer.startsWith("RTSP/1.0 400 not an RTSP request"), answer);
    assertEquals(-1, client.in().read());
    assertEquals(1, rejections("protocol_violation"));
  }

  @Test
  void answersPipelinedRequestsInOrder() throws Exception {
    start(options(10, 20_000, 20_000));
    Client client = client();
    String body = SessionRun.DESCRIPTION;
    client.send(
        "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"
            + "ANNOUNCE "
            + SessionRun.BASE
            + " RTSP/1.0\r\nCSeq: 2\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body
            + "GET_PARAMETER * RTSP/1.0\r\nCSeq: 3\r\n\r\n");
    for (int sequence = 1; sequence <= 3; sequence++) {
      String answer = client.readAnswer();
      assertTrue(answer.startsWith("RTSP/1.0 200"), answer);
      assertTrue(answer.contains("CSeq: " + sequence + "\r\n"), answer);
    }
  }

  @Test
  void endsPublicationsWhenItStops() throws Exception {
    start(options(10, 20_000, 20_000));
    Client client = client();
    client.record("RTP/AVP;unicast;client_port=40000-40001");
    vertx.undeploy(deploymentId).await(10, TimeUnit.SECONDS);
    until("closed", () -> !publication().closings().isEmpty());
    assertEquals(List.of("server stopping"), publication().closings());
  }

  /** A publisher by hand. */
  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private int sequence;
    private String session = "";

    Client(int port) throws IOException {
      socket = new Socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      socket.setSoTimeout(30_000);
    }

    InputStream in() throws IOException {
      return socket.getInputStream();
    }

    void send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    void sendQuietly(String text) {
      try {
        send(text);
      } catch (IOException closed) {
        sequence = 0;
      }
    }

    void sendFrame(int channel, byte[] packet) throws IOException {
      byte[] frame = new byte[4 + packet.length];
      frame[0] = '$';
      frame[1] = (byte) channel;
      frame[3] = (byte) packet.length;
      System.arraycopy(packet, 0, frame, 4, packet.length);
      socket.getOutputStream().write(frame);
    }

    byte[] readFrame(int channel) throws IOException {
      assertEquals('$', in().read());
      assertEquals(channel, in().read());
      return in().readNBytes(in().read() << 8 | in().read());
    }

    String request(String method, String... headers) throws IOException {
      String uri = SessionRun.BASE + (method.equals("SETUP") ? "/streamid=1" : "");
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      send("%s %s RTSP/1.0\r\nCSeq: %d\r\n%s\r\n".formatted(method, uri, ++sequence, more));
      return readAnswer();
    }

    void sayGoodbye() throws IOException {
      send(
          "TEARDOWN %s RTSP/1.0\r\nCSeq: %d\r\nSession: %s\r\n\r\n"
              .formatted(SessionRun.BASE, ++sequence, session));
    }

    /** Publishes the sound track; what the server said of the transport. */
    String record(String transport) throws IOException {
      String body = SessionRun.DESCRIPTION;
      send(
          "ANNOUNCE %s RTSP/1.0\r\nCSeq: %d\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(SessionRun.BASE, ++sequence, body.length(), body));
      assertTrue(readAnswer().startsWith("RTSP/1.0 200"));
      String answer = request("SETUP", "Transport: " + transport);
      Matcher id = Pattern.compile("Session: ([0-9a-f]+)").matcher(answer);
      assertTrue(id.find(), answer);
      session = id.group(1);
      assertTrue(request("RECORD", "Session: " + session).startsWith("RTSP/1.0 200"));
      return answer;
    }

    String readAnswer() throws IOException {
      StringBuilder text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in().read();
        assertTrue(next >= 0, () -> "closed after: " + text);
        text.append((char) next);
      }
      return text.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
