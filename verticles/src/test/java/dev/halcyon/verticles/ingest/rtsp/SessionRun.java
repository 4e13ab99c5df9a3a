package dev.halcyon.verticles.ingest.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.RecordingGate;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** A session and the world around it, in memory: every answer comes at once. */
final class SessionRun implements RtspPeer, RtspReader.Sink, AutoCloseable {
  static final String KEY = "secret-key";
  static final String BASE = "rtsp://127.0.0.1:8554/live/" + KEY;

  static final String DESCRIPTION =
      """
      v=0
      o=- 0 0 IN IP4 127.0.0.1
      s=Card
      t=0 0
      m=video 0 RTP/AVP 96
      a=rtpmap:96 H264/90000
      a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA
      a=control:streamid=0
      m=audio 0 RTP/AVP 97
      a=rtpmap:97 MPEG4-GENERIC/48000/2
      a=fmtp:97 mode=AAC-hbr;config=1190;sizelength=13;indexlength=3;indexdeltalength=3
      a=control:streamid=1
      """;

  final RecordingGate gate = new RecordingGate(KEY);
  final AtomicLong heldBytes = new AtomicLong();
  final List<RtspResponse> answers = new ArrayList<>();
  final RtspSession session = new RtspSession("live", this, new Random(1), 15);
  private final RtspReader reader = new RtspReader(this);
  private int sequence;

  /** Asks, and gives the answer; headers as name, value, name, value. */
  RtspResponse ask(String method, String uri, String body, String... headers) {
    Map<String, String> all = new HashMap<>();
    all.put("cseq", String.valueOf(++sequence));
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i].toLowerCase(Locale.ROOT), headers[i + 1]);
    }
    Bytes bytes = Bytes.copyOf(body.getBytes(StandardCharsets.UTF_8));
    Future<RtspResponse> answer = session.handle(new RtspRequest(method, uri, all, bytes));
    assertTrue(answer.succeeded());
    assertEquals(List.of(String.valueOf(sequence)), answer.result().headers().get("CSeq"));
    return answer.result();
  }

  RtspResponse announce(String uri, String... headers) {
    return ask("ANNOUNCE", uri, DESCRIPTION, headers);
  }

  RtspResponse setUp(String control, String transport, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Transport", transport));
    return ask("SETUP", BASE + "/" + control, "", all.toArray(String[]::new));
  }

  static String sessionOf(RtspResponse answer) {
    return answer.headers().get("Session").getFirst().split(";", 2)[0];
  }

  /** Announces and sets up both tracks over the connection; the session's id. */
  String untilReady() {
    assertEquals(200, announce(BASE).status());
    RtspResponse first = setUp("streamid=0", "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record");
    assertEquals(200, first.status(), first::toString);
    String id = sessionOf(first);
    RtspResponse second = setUp("streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3", "Session", id);
    assertEquals(200, second.status(), second::toString);
    return id;
  }

  /** Feeds bytes as a connection would. */
  void feed(ByteBuffer bytes) {
    reader.feed(bytes);
  }

  @Override
  public boolean isWaiting() {
    return false;
  }

  @Override
  public void onRequest(RtspRequest request) {
    answers.add(session.handle(request).result());
  }

  @Override
  public void onFrame(int channel, ByteBuffer frame) {
    session.onFrame(channel, frame);
  }

  @Override
  public Future<Publication> publish(String streamKey) {
    return gate.open(new PublishRequest("rtsp", streamKey, "127.0.0.1", () -> {}));
  }

  @Override
  public Future<Optional<String>> keyOf(String streamId) {
    return gate.keyOf(streamId);
  }

  @Override
  public Future<UdpPair> openUdp(int track, int clientPort) {
    return Future.failedFuture("no UDP here");
  }

  @Override
  public MediaReceiver receive(
      List<MediaReceiver.Medium> media, Publication publication, boolean isUdp) {
    return new MediaReceiver(
        media,
        publication,
        new MediaReceiver.Options(0),
        new BufferAccount(4 << 20, heldBytes),
        (rateHz, channels, sink) -> {
          throw new AssertionError("no sound is to be encoded");
        },
        medium -> {},
        Clock.system());
  }

  @Override
  public void close() {
    session.close();
    assertEquals(0, heldBytes.get(), "memory that did not come back");
  }
}
