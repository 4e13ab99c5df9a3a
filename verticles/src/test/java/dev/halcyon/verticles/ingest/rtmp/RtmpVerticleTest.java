package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishGate;
import dev.halcyon.verticles.ingest.RecordingGate;
import dev.halcyon.verticles.ingest.RecordingPublication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RtmpVerticleTest {
  private static final byte[] SOUND = ClientBytes.audioTag(1, ClientBytes.pattern(200, 1));

  private final RecordingGate gate = new RecordingGate("one", "two", "three");
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<RawClient> clients = new ArrayList<>();
  private Vertx vertx;
  private int port;

  @BeforeEach
  void startVertx() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void leavesNothingOpen() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    Eventually.holds("all connections gone", () -> gauge("halcyon.rtmp.connections") == 0);
    assertEquals(0, gauge("halcyon.rtmp.buffer.bytes"));
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  @Test
  void takesAPublisherThatSendsEverythingAtOnce() throws Exception {
    start(options(10_000, 10_000), gate);
    ClientBytes bytes = new ClientBytes().untilPublishing("one").configurations();
    for (int i = 0; i < 1_000; i++) {
      bytes.audio(20 * i, SOUND);
    }
    connect().send(bytes);
    Eventually.holds("all packets", () -> packets(0) == 1_000);
  }

  @Test
  void keepsMediaThatComesBeforeTheGatesAnswer() throws Exception {
    List<Promise<Publication>> answers = new ArrayList<>();
    start(
        options(10_000, 10_000),
        request -> {
          Promise<Publication> answer = Promise.promise();
          answers.add(answer);
          return answer.future();
        });
    ClientBytes bytes = new ClientBytes().untilPublishing("one").configurations();
    for (int i = 0; i < 5_000; i++) {
      bytes.audio(20 * i, SOUND);
    }
    RawClient client = connect();
    Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, bytes));
    Eventually.holds("asked", () -> answers.size() == 1);
    RecordingPublication publication = new RecordingPublication();
    answers.getFirst().complete(publication);
    Eventually.holds("all packets", () -> publication.packets().size() == 5_000);
    sender.join();
    for (int i = 0; i < 5_000; i++) {
      assertEquals(20_000L * i, publication.packets().get(i).dtsUs());
    }
  }

  @Test
  void closesAConnectionThatSendsGarbage() throws Exception {
    start(options(10_000, 10_000), gate);
    assertEquals("", connect().send(text("GET / HTTP/1.1\r\n\r\n")).awaitClose());
    assertEquals(1, rejections("protocol_violation"));
  }

  @Test
  void tellsAPublisherBeforeItCloses() throws Exception {
    start(options(10_000, 10_000), gate);
    String unknown = connect().send(new ClientBytes().untilPublishing("none")).awaitClose();
    assertTrue(unknown.contains("NetStream.Publish.Denied"), unknown);
    connect().send(new ClientBytes().untilPublishing("one")).awaitText("NetStream.Publish.Start");
    String second = connect().send(new ClientBytes().untilPublishing("one")).awaitClose();
    assertTrue(second.contains("NetStream.Publish.BadName"), second);
  }

  @Test
  void tellsAPublisherThatGoesOnSendingWhyItIsCutOff() throws Exception {
    start(options(10_000, 10_000), gate);
    RawClient client = connect().send(new ClientBytes().untilPublishing("one").configurations());
    client.awaitText("NetStream.Publish.Start");
    byte[] enhanced = ClientBytes.concat(ClientBytes.hex("9076766331"), new byte[2_000]);
    ClientBytes bytes = new ClientBytes().chunkSize(4_096);
    for (int i = 0; i < 200; i++) {
      bytes.video(i, enhanced);
    }
    Thread sender = Thread.ofVirtual().start(() -> sendQuietly(client, bytes));
    String said = client.awaitClose();
    sender.join();
    assertTrue(said.contains("codec vvc1 is not supported"), said);
    assertEquals(1, gate.publications().getFirst().closings().size());
  }

  @Test
  void losesAPublisherThatFallsSilent() throws Exception {
    start(options(10_000, 400), gate);
    RawClient client = connect().send(new ClientBytes().untilPublishing("one").configurations());
    client.awaitClose();
    RecordingPublication publication = gate.publications().getFirst();
    assertEquals(List.of("connection lost"), publication.closings());
    assertEquals(1, rejections("connection_lost"));
  }

  @Test
  void closesAConnectionThatDoesNotPublishInTime() throws Exception {
    start(options(400, 10_000), gate);
    connect().awaitClose();
    connect().send(new ClientBytes().handshake().connect("live")).awaitClose();
    assertEquals(2, rejections("publish_timeout"));
  }

  @Test
  void closesAConnectionThatDribbles() throws Exception {
    start(options(600, 10_000), gate);
    RawClient client = connect();
    Thread dribble =
        Thread.ofVirtual()
            .start(
                () -> {
                  byte[] bytes = new ClientBytes().handshake().toArray();
                  for (int i = 0; i < bytes.length; i++) {
                    byte value = bytes[i];
                    if (!sendQuietly(client, new ClientBytes().raw(value))) {
                      return;
                    }
                    LockSupport.parkNanos(10_000_000);
                  }
                });
    client.awaitClose();
    client.close();
    dribble.join();
    assertEquals(1, rejections("publish_timeout"));
  }

  @Test
  void closesWhenTheGateNeverAnswersAndDropsALateYes() throws Exception {
    Promise<Publication> answer = Promise.promise();
    start(options(400, 10_000), request -> answer.future());
    connect().send(new ClientBytes().untilPublishing("one")).awaitClose();
    RecordingPublication late = new RecordingPublication();
    answer.complete(late);
    Eventually.holds("late publication closed", () -> late.closings().size() == 1);
  }

  @Test
  void hidesWhatWentWrongInTheGate() throws Exception {
    start(
        options(10_000, 10_000),
        request -> Future.failedFuture(new IllegalStateException("password is hunter2")));
    String said = connect().send(new ClientBytes().untilPublishing("one")).awaitClose();
    assertTrue(said.contains("NetStream.Failed"), said);
    assertFalse(said.contains("hunter2"), said);
    assertEquals(1, rejections("internal"));
  }

  @Test
  void endsASessionWhosePublicationFails() throws Exception {
    List<String> closings = new ArrayList<>();
    start(
        options(10_000, 10_000),
        request ->
            Future.succeededFuture(
                failing(
                    request.streamKey().equals("one")
                        ? new HalcyonException(ErrorCode.OVERLOADED, "too much")
                        : new IllegalStateException("defect"),
                    closings)));
    String stated = connect().send(publishing("one").configurations()).awaitClose();
    assertTrue(stated.contains("too much"), stated);
    connect().send(publishing("two").configurations()).awaitClose();
    assertEquals(List.of("too much", "internal error"), closings);
  }

  @Test
  void boundsConnectionsOfAnAddressAndLetsOthersFollow() throws Exception {
    start(new RtmpOptions("127.0.0.1", 0, "live", 100, 2, 5_000, 5_000, RtmpLimits.DEFAULT), gate);
    RawClient first = connect().send(publishing("one")).awaitText("NetStream.Publish.Start");
    connect().send(publishing("two")).awaitText("NetStream.Publish.Start");
    assertEquals("", connect().awaitClose());
    assertEquals(1, rejections("connection_limit"));
    first.close();
    Eventually.holds("first gone", () -> gauge("halcyon.rtmp.connections") == 1);
    connect().send(publishing("three")).awaitText("NetStream.Publish.Start");
  }

  @Test
  void boundsAllConnections() throws Exception {
    start(new RtmpOptions("127.0.0.1", 0, "live", 1, 9, 5_000, 5_000, RtmpLimits.DEFAULT), gate);
    connect().send(publishing("one")).awaitText("NetStream.Publish.Start");
    assertEquals("", connect().awaitClose());
    assertEquals(1, gauge("halcyon.rtmp.connections"));
  }

  @Test
  void closesAPeerThatDoesNotReadItsAnswers() throws Exception {
    start(options(20_000, 20_000), gate);
    RawClient client = connect().send(publishing("one"));
    ClientBytes pings = new ClientBytes().chunkSize(4_096);
    for (int i = 0; i < 10_000; i++) {
      pings.message(2, 0, MessageType.USER_CONTROL, 0, ClientBytes.hex("000600000000"));
    }
    Eventually.holds(
        "cut off", () -> !sendQuietly(client, pings) || gauge("halcyon.rtmp.connections") == 0);
    // The client may notice before the server has counted.
    Eventually.holds("counted", () -> rejections("protocol_violation") == 1);
  }

  @Test
  void endsPublicationsInOrderWhenItStops() throws Exception {
    String id = start(options(10_000, 10_000), gate);
    for (String key : List.of("one", "two", "three")) {
      connect().send(publishing(key)).awaitText("NetStream.Publish.Start");
    }
    vertx.undeploy(id).await(20, TimeUnit.SECONDS);
    for (RecordingPublication publication : gate.publications()) {
      assertEquals(List.of("server stopping"), publication.closings());
    }
    for (RawClient client : clients) {
      client.awaitClose();
    }
  }

  @Test
  void sharesItsPortAndLimitsAmongInstances() throws Exception {
    port = freePort();
    var options =
        new RtmpOptions("127.0.0.1", port, "live", 3, 3, 10_000, 10_000, RtmpLimits.DEFAULT);
    vertx
        .deployVerticle(
            () -> new RtmpVerticle(options, gate, RtmpForeignPublisherTest.NO_SOUND, registry),
            new DeploymentOptions().setInstances(2))
        .await(20, TimeUnit.SECONDS);
    for (String key : List.of("one", "two", "three")) {
      connect().send(publishing(key)).awaitText("NetStream.Publish.Start");
    }
    assertEquals("", connect().awaitClose());
    assertEquals(3, gauge("halcyon.rtmp.connections"));
  }

  @Test
  void failsToStartOnATakenPort() throws Exception {
    start(options(10_000, 10_000), gate);
    Vertx other = Vertx.vertx();
    try {
      RtmpOptions taken = RtmpOptions.listeningOn("127.0.0.1", port);
      Future<String> second =
          other.deployVerticle(
              new RtmpVerticle(
                  taken, gate, RtmpForeignPublisherTest.NO_SOUND, new SimpleMeterRegistry()));
      Eventually.holds("second has failed", second::isComplete);
      assertTrue(second.failed());
    } finally {
      other.close().await(20, TimeUnit.SECONDS);
    }
  }

  private String start(RtmpOptions options, PublishGate with) throws Exception {
    RtmpVerticle server =
        new RtmpVerticle(options, with, RtmpForeignPublisherTest.NO_SOUND, registry);
    String id = vertx.deployVerticle(server).await(20, TimeUnit.SECONDS);
    port = server.actualPort();
    return id;
  }

  private static RtmpOptions options(long publishTimeoutMs, long idleTimeoutMs) {
    return new RtmpOptions(
        "127.0.0.1", 0, "live", 100, 100, publishTimeoutMs, idleTimeoutMs, RtmpLimits.DEFAULT);
  }

  private RawClient connect() throws IOException {
    RawClient client = new RawClient(port);
    clients.add(client);
    return client;
  }

  private static ClientBytes publishing(String key) {
    return new ClientBytes().untilPublishing(key);
  }

  private static ClientBytes text(String text) {
    return new ClientBytes().raw(ClientBytes.ascii(text));
  }

  private static boolean sendQuietly(RawClient client, ClientBytes bytes) {
    try {
      client.send(bytes);
      return true;
    } catch (SocketException closed) {
      return false;
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private int packets(int publication) {
    return gate.publications().size() <= publication
        ? 0
        : gate.publications().get(publication).packets().size();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private double rejections(String reason) {
    Counter counter = registry.find("halcyon.rtmp.rejected").tag("reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private static Publication failing(RuntimeException failure, List<String> closings) {
    return new Publication() {
      @Override
      public void onTrack(Track track) {
        throw failure;
      }

      @Override
      public void onPacket(
          int trackIndex, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {}

      @Override
      public void onSeam(int trackIndex) {}

      @Override
      public void onAlert(String code, String message) {}

      @Override
      public void close(String reason) {
        closings.add(reason);
      }
    };
  }
}
