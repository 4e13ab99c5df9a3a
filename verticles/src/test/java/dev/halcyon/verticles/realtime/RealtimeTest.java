package dev.halcyon.verticles.realtime;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.api.TestServer;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class RealtimeTest {
  private static final Instant AT = Instant.parse("2026-11-20T12:00:00.123456Z");

  @TempDir Path folder;
  private TestServer server;
  private User user;
  private UUID stream;
  private WebSocketClient client;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
    user = server.user();
    stream = UUID.fromString(server.stream(user).getString("id"));
    client = server.vertx.createWebSocketClient();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** What a client received, and how its connection ended. */
  private record Received(
      WebSocket socket, BlockingQueue<JsonObject> messages, CompletableFuture<Short> closed) {
    JsonObject next() throws InterruptedException {
      JsonObject message = messages.poll(10, TimeUnit.SECONDS);
      if (message == null) {
        throw new IllegalStateException("no message came");
      }
      return message;
    }
  }

  @Test
  void tellsEveryKindOfEvent() throws Exception {
    Received received = connect("/ws/stream/" + stream + "?token=" + user.accessToken());
    Signal signal = new Signal(SignalKind.CROWD_REACTION, 5_000_000, 0.8, "roar");
    String signalJson =
        "{\"kind\":\"crowd_reaction\",\"at_us\":5000000,\"strength\":0.8,\"detail\":\"roar\"}";
    publish(
        new StreamEvent.StreamStarted(
            user.workspaceId(),
            stream,
            AT,
            3,
            List.of(
                new Track(0, new VideoFormat(Codec.H264, 1280, 720, Bytes.EMPTY)),
                new Track(1, new AudioFormat(Codec.AAC, 48_000, 2, Bytes.EMPTY)))));
    JsonObject started = received.next();
    assertEquals("stream.started", started.getString("type"));
    assertEquals(stream.toString(), started.getString("stream_id"));
    assertEquals("2026-11-20T12:00:00.123456Z", started.getString("at"));
    assertEquals(
        new JsonObject(
            """
            {"epoch":3,"tracks":[{"index":0,"codec":"h264","width":1280,"height":720},
                                 {"index":1,"codec":"aac","sample_rate":48000,"channels":2}]}"""),
        started.getJsonObject("data"));
    publish(new StreamEvent.SignalRaised(user.workspaceId(), stream, AT, signal));
    assertData(received, "signal", signalJson);
    publish(
        new StreamEvent.LevelsMeasured(
            user.workspaceId(), stream, AT, 1_000, 100_000, List.of(-23.5, -70.0)));
    assertData(received, "levels", "{\"from_us\":1000,\"step_us\":100000,\"lufs\":[-23.5,-70.0]}");
    publish(
        new StreamEvent.HighlightDetected(
            user.workspaceId(), stream, AT, new Highlight(1, 9, 0.6, List.of(signal))));
    assertData(
        received,
        "highlight.detected",
        "{\"from_us\":1,\"to_us\":9,\"score\":0.6,\"signals\":[" + signalJson + "]}");
    server.parts.bus().publish(Addresses.CLIP_EVENT, new ClipEvent.Ready(clip(), AT));
    JsonObject ready = received.next();
    assertEquals("clip.ready", ready.getString("type"));
    assertEquals("Goal", ready.getJsonObject("data").getString("title"));
    assertEquals(
        ready.getJsonObject("data").fieldNames(),
        server
            .get("/api/clips/" + inserted(clip()).id(), user.token())
            .bodyAsJsonObject()
            .fieldNames());
    publish(new StreamEvent.IngestAlert(user.workspaceId(), stream, AT, "no_audio", "silence"));
    assertData(received, "ingest.alert", "{\"code\":\"no_audio\",\"message\":\"silence\"}");
    publish(new StreamEvent.StreamEnded(user.workspaceId(), stream, AT, 3, "unpublished"));
    assertData(received, "stream.ended", "{\"epoch\":3,\"reason\":\"unpublished\"}");
  }

  @Test
  void tellsOnlyOfTheStreamThatWasAskedFor() throws Exception {
    UUID other = UUID.fromString(server.stream(user).getString("id"));
    Received received = connect("/ws/stream/" + stream + "?token=" + user.accessToken());
    publish(new StreamEvent.StreamEnded(user.workspaceId(), other, AT, 1, "other"));
    publish(new StreamEvent.StreamEnded(user.workspaceId(), stream, AT, 1, "own"));
    assertEquals("own", received.next().getJsonObject("data").getString("reason"));
  }

  @Test
  void refusesTheHandshakeWithAStatus() {
    User stranger = server.user();
    assertEquals(404, refusal("/ws/stream/" + stream + "?token=" + stranger.accessToken()));
    assertEquals(404, refusal("/ws/stream/nonsense?token=" + user.accessToken()));
    assertEquals(401, refusal("/ws/stream/" + stream));
    assertEquals(401, refusal("/ws/stream/" + stream + "?token=a.b.c"));
    assertEquals(401, refusal("/realtime/websocket"));
    server.clock.advance(Duration.ofMinutes(16));
    assertEquals(401, refusal("/ws/stream/" + stream + "?token=" + user.accessToken()));
    HttpResponse<Buffer> plain =
        server.get("/ws/stream/" + stream, Optional.of(refreshed().getString("access_token")));
    assertEquals(400, plain.statusCode(), plain.bodyAsString());
  }

  @Test
  void saysThatTheTokenExpiredAndCloses() throws Exception {
    server.clock.advance(Duration.ofMinutes(15).minusMillis(1_500));
    Received received = connect("/ws/stream/" + stream + "?token=" + user.accessToken());
    JsonObject message = received.next();
    assertEquals("token_expired", message.getString("type"));
    assertEquals(stream.toString(), message.getString("stream_id"));
    assertEquals((short) 4401, received.closed().get(10, TimeUnit.SECONDS));
  }

  @Test
  void bridgesStreamsOfTheOwnWorkspaceToSockJs() throws Exception {
    Received received = connect("/realtime/websocket?token=" + user.accessToken());
    received.socket().writeTextMessage(register(stream));
    // The bridge does not answer a registration: a message that gets through shows it.
    JsonObject first = untilTold(received);
    assertEquals("rec", first.getString("type"));
    assertEquals("stream." + stream, first.getString("address"));
    assertEquals("stream.ended", first.getJsonObject("body").getString("type"));
  }

  @Test
  void servesClientsWithoutWebSockets() throws Exception {
    String session = "/realtime/000/" + UUID.randomUUID();
    assertEquals("o\n", await(sockJs(session + "/xhr", "")).bodyAsString());
    String registration = new JsonArray().add(register(stream)).encode();
    assertEquals(204, await(sockJs(session + "/xhr_send", registration)).statusCode());
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    var poll = sockJs(session + "/xhr", "").onSuccess(frame -> frames.add(frame.bodyAsString()));
    String frame = null;
    for (long deadlineNs = deadlineNs(); frame == null && System.nanoTime() < deadlineNs; ) {
      publish(new StreamEvent.StreamEnded(user.workspaceId(), stream, AT, 1, "over"));
      frame = frames.poll(50, TimeUnit.MILLISECONDS);
    }
    assertTrue(frame != null && frame.contains("stream.ended"), () -> "polled: " + poll);
  }

  private Future<HttpResponse<Buffer>> sockJs(String path, String body) {
    return WebClient.create(server.vertx)
        .post(server.port(), "127.0.0.1", path + "?token=" + user.accessToken())
        .putHeader("Content-Type", "text/plain")
        .sendBuffer(Buffer.buffer(body));
  }

  private static long deadlineNs() {
    return System.nanoTime() + Duration.ofSeconds(20).toNanos();
  }

  @Test
  void deniesOtherAddressesAndAllSending() throws Exception {
    UUID foreign = UUID.fromString(server.stream(server.user()).getString("id"));
    Received received = connect("/realtime/websocket?token=" + user.accessToken());
    for (String address :
        List.of(
            "stream." + foreign,
            "stream.x",
            Addresses.STREAM_EVENT,
            "stream." + UUID.randomUUID())) {
      received
          .socket()
          .writeTextMessage(
              new JsonObject().put("type", "register").put("address", address).encode());
      JsonObject refused = received.next();
      assertEquals("err", refused.getString("type"), address);
    }
    for (String type : List.of("send", "publish")) {
      received
          .socket()
          .writeTextMessage(
              new JsonObject()
                  .put("type", type)
                  .put("address", "stream." + stream)
                  .put("body", new JsonObject())
                  .encode());
      assertEquals("err", received.next().getString("type"), type);
    }
  }

  @Test
  void tellsSockJsListenersThatTheTokenExpired() throws Exception {
    server.clock.advance(Duration.ofMinutes(15).minusMillis(2_500));
    Received received = connect("/realtime/websocket?token=" + user.accessToken());
    received.socket().writeTextMessage(register(stream));
    JsonObject message = untilTold(received);
    while (!message.getJsonObject("body").getString("type").equals("token_expired")) {
      message = received.next();
    }
    assertEquals((short) 4401, received.closed().get(10, TimeUnit.SECONDS));
  }

  private JsonObject untilTold(Received received) throws InterruptedException {
    long deadlineNs = deadlineNs();
    while (System.nanoTime() < deadlineNs) {
      publish(new StreamEvent.StreamEnded(user.workspaceId(), stream, AT, 1, "again"));
      JsonObject message = received.messages().poll(50, TimeUnit.MILLISECONDS);
      if (message != null) {
        return message;
      }
    }
    throw new IllegalStateException("no message came");
  }

  private static String register(UUID stream) {
    return new JsonObject().put("type", "register").put("address", "stream." + stream).encode();
  }

  private static void assertData(Received received, String type, String data)
      throws InterruptedException {
    JsonObject message = received.next();
    assertEquals(type, message.getString("type"));
    assertEquals(new JsonObject(data), message.getJsonObject("data"));
  }

  private void publish(StreamEvent event) {
    server.parts.bus().publish(Addresses.STREAM_EVENT, (Record) event);
  }

  private Received connect(String uri) {
    BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    CompletableFuture<Short> closed = new CompletableFuture<>();
    WebSocket socket =
        await(
            client
                .connect(server.port(), "127.0.0.1", uri)
                .onSuccess(
                    opened -> {
                      opened.textMessageHandler(text -> messages.add(new JsonObject(text)));
                      opened.binaryMessageHandler(
                          bytes -> messages.add(new JsonObject(bytes.toString())));
                      opened.closeHandler(ended -> closed.complete(opened.closeStatusCode()));
                    }));
    return new Received(socket, messages, closed);
  }

  private int refusal(String uri) {
    return assertThrows(
            UpgradeRejectedException.class,
            () -> await(client.connect(server.port(), "127.0.0.1", uri)))
        .getStatus();
  }

  private JsonObject refreshed() {
    return server
        .post(
            "/api/auth/refresh",
            Optional.empty(),
            new JsonObject().put("refresh_token", user.refreshToken()))
        .bodyAsJsonObject();
  }

  private Clip inserted(Clip clip) {
    await(server.parts.clips().insert(clip));
    return clip;
  }

  private Clip clip() {
    return new Clip(
        UUID.randomUUID(),
        user.workspaceId(),
        new ClipOrigin.OfStream(stream),
        ClipStatus.SEALED,
        "Goal",
        "",
        List.of(),
        1,
        2,
        0.5,
        ClipReason.manual(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        AT);
  }
}
