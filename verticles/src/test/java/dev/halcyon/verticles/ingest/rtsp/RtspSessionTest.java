package dev.halcyon.verticles.ingest.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.RecordingPublication;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtspSessionTest {
  private final SessionRun run = new SessionRun();

  private RecordingPublication publication() {
    return run.gate.publications().getFirst();
  }

  @Test
  void publishesFromAnnouncementToTeardown() {
    assertTrue(
        run.ask("OPTIONS", SessionRun.BASE, "")
            .headers()
            .get("Public")
            .getFirst()
            .contains("RECORD"));
    String id = run.untilReady();
    assertEquals(200, run.ask("RECORD", SessionRun.BASE, "", "Session", id).status());
    assertTrue(run.session.isRecording());
    run.session.onFrame(2, sound(1));
    run.session.onFrame(2, sound(2));
    assertEquals(200, run.ask("GET_PARAMETER", SessionRun.BASE, "", "Session", id).status());
    assertEquals(200, run.ask("TEARDOWN", SessionRun.BASE, "", "Session", id).status());
    assertEquals(List.of("unpublished"), publication().closings());
    assertEquals(2, publication().packets(1).size());
    assertEquals(
        List.of(Codec.H264, Codec.AAC),
        publication().tracks().stream().map(track -> track.format().codec()).toList());
    assertEquals(200, run.announce(SessionRun.BASE).status());
    run.close();
  }

  /** An AAC unit of four bytes in a packet of track 1. */
  private static ByteBuffer sound(int number) {
    return ByteBuffer.allocate(20)
        .put(new byte[] {(byte) 0x80, (byte) 0xe1, 0, (byte) number})
        .putInt(1024 * number)
        .putInt(7)
        .put(new byte[] {0, 16, 0, 32, 1, 2, 3, 4})
        .flip();
  }

  @Test
  void givesIdsThatCannotBeGuessed() {
    String id = run.untilReady();
    assertEquals(32, id.length());
    try (SessionRun other = new SessionRun()) {
      assertEquals(32, other.untilReady().length());
    }
    assertEquals(454, run.ask("RECORD", SessionRun.BASE, "").status());
    assertEquals(454, run.ask("RECORD", SessionRun.BASE, "", "Session", id + "0").status());
    assertEquals(
        200, run.ask("RECORD", SessionRun.BASE, "", "Session", id + ";timeout=9").status());
    assertEquals(454, run.ask("TEARDOWN", SessionRun.BASE, "", "Session", "1").status());
    run.close();
  }

  @Test
  void answersWhatItDoesNotServe() {
    for (String method : List.of("DESCRIBE", "PLAY", "PAUSE")) {
      RtspResponse answer = run.ask(method, SessionRun.BASE, "");
      assertEquals(405, answer.status());
      assertTrue(answer.reason().contains("publishers"));
    }
    assertEquals(501, run.ask("REDIRECT", SessionRun.BASE, "").status());
    RtspResponse option = run.ask("OPTIONS", SessionRun.BASE, "", "Require", "x.y\r\nz");
    assertEquals(551, option.status());
    assertEquals(List.of("x.y..z"), option.headers().get("Unsupported"));
  }

  @ParameterizedTest
  @CsvSource({
    "rtsp://h/live/wrong-key, 404",
    "rtsp://h/other/secret-key, 404",
    "rtsp://h/, 404",
    "*, 404",
    "rtsp://h/live, 401",
    "rtsp://h/live/, 401"
  })
  void letsNobodyInWithoutAKey(String uri, int status) {
    assertEquals(status, run.announce(uri).status());
    assertEquals(List.of(), run.gate.publications());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rtsp://h/live/secret-key",
        "rtsp://h:8554/live/secret-key/",
        "rtsp://h/live/secret-key?transport=tcp",
        "/live/secret-key"
      })
  void takesTheKeyFromThePath(String uri) {
    assertEquals(200, run.announce(uri).status());
  }

  @Test
  void refusesASecondPublisher() {
    assertEquals(200, run.announce(SessionRun.BASE).status());
    assertEquals(455, run.announce(SessionRun.BASE).status());
    RtspSession second = new RtspSession("live", run, new Random(2), 15);
    var request =
        new RtspRequest(
            "ANNOUNCE",
            SessionRun.BASE,
            Map.of("cseq", "1"),
            Bytes.copyOf(SessionRun.DESCRIPTION.getBytes(StandardCharsets.UTF_8)));
    assertEquals(ErrorCode.PUBLISHER_EXISTS.httpStatus(), second.handle(request).result().status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "auth"})
  void believesWhoProvesByDigestThatItKnowsTheKey(String quality) throws Exception {
    String uri = "rtsp://127.0.0.1:8554/live";
    RtspResponse challenge = run.announce(uri);
    assertEquals(401, challenge.status());
    List<String> offers = challenge.headers().get("WWW-Authenticate");
    assertTrue(offers.get(1).startsWith("Basic"));
    Matcher nonce = Pattern.compile("nonce=\"([0-9a-f]{32})\"").matcher(offers.getFirst());
    assertTrue(nonce.find());
    assertEquals(
        401, run.announce(uri, "Authorization", digest("wrong", nonce.group(1), quality)).status());
    String right = digest(SessionRun.KEY, nonce.group(1), quality);
    assertEquals(401, run.announce(uri, "Authorization", right.replace("id-", "di-")).status());
    assertEquals(200, run.announce(uri, "Authorization", right).status());
    assertEquals(SessionRun.KEY, run.gate.requests().getFirst().streamKey());
  }

  private static String digest(String key, String nonce, String quality) throws Exception {
    String uri = "rtsp://127.0.0.1:8554/live";
    String user = "id-" + SessionRun.KEY;
    String middle = quality.isEmpty() ? ":" : ":00000001:abc:auth:";
    String response =
        md5(md5(user + ":halcyon:" + key) + ":" + nonce + middle + md5("ANNOUNCE:" + uri));
    String more = quality.isEmpty() ? "" : ", qop=auth, nc=00000001, cnonce=\"abc\"";
    return "Digest username=\"%s\", realm=\"halcyon\", nonce=\"%s\", uri=\"%s\", response=\"%s\"%s"
        .formatted(user, nonce, uri, response, more);
  }

  private static String md5(String text) throws Exception {
    byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest);
  }

  @Test
  void takesTheKeyAsThePasswordOfBasicAuthentication() {
    String uri = "rtsp://127.0.0.1:8554/live";
    String pair = "anyone:" + SessionRun.KEY;
    String encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    assertEquals(401, run.announce(uri, "Authorization", "Basic ???").status());
    assertEquals(200, run.announce(uri, "Authorization", "Basic " + encoded).status());
  }

  @Test
  void endsTheConnectionAfterThreeWrongProofs() throws Exception {
    String wrong = digest("wrong", "0".repeat(32), "");
    assertEquals(false, run.announce("rtsp://h/live", "Authorization", wrong).ends());
    assertEquals(false, run.announce("rtsp://h/live", "Authorization", wrong).ends());
    assertEquals(true, run.announce("rtsp://h/live", "Authorization", wrong).ends());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Digest aaaa", "Digest", "Basic ???", "Bearer x", "Digest username=\"\""})
  void endsTheConnectionAfterThreeProofsThatAreNone(String none) {
    assertEquals(false, run.announce("rtsp://h/live", "Authorization", none).ends());
    assertEquals(false, run.announce("rtsp://h/live", "Authorization", none).ends());
    assertEquals(true, run.announce("rtsp://h/live", "Authorization", none).ends());
  }

  /** In steps for each letter before, this would take hours. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "a=", "a=\"", "a ", "a=\"a"})
  void readsALongProofOnce(String part) {
    String text = part.repeat((1 << 20) / part.length());
    assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> assertTrue(Credentials.Fields.of(text).size() <= 2));
  }

  @Test
  void keepsWhatItCanAndSaysWhatItLeavesOut() {
    String description =
        SessionRun.DESCRIPTION
            + "m=audio 0 RTP/AVP 8\na=control:streamid=2\n"
            + "m=application 0 RTP/AVP 107\na=rtpmap:107 vnd.onvif.metadata/90000\n";
    assertEquals(200, run.ask("ANNOUNCE", SessionRun.BASE, description).status());
    assertEquals(
        List.of(
            "TRACK_REFUSED: only one audio track is kept",
            "TRACK_REFUSED: application is not supported"),
        publication().alerts());
    assertEquals(200, run.setUp("streamid=2", "RTP/AVP/TCP;interleaved=4-5").status());
  }

  @ParameterizedTest
  @CsvSource({
    "'v=0', 415, no media",
    "'v=0\nm=video 0 RTP/AVP 26', 415, JPEG",
    "'v=0\nm=video 0 RTP/AVP 96', 415, format",
    "'m=video 0 RTP/AVP 96', 400, v=0"
  })
  void refusesAnAnnouncementOfNothingThatCanBeKept(String description, int status, String why) {
    RtspResponse answer = run.ask("ANNOUNCE", SessionRun.BASE, description);
    assertEquals(status, answer.status());
    assertTrue(answer.reason().contains(why), answer.reason());
    assertEquals(List.of(), run.gate.publications());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RTP/AVP;multicast;client_port=5000-5001",
        "RTP/AVP;unicast",
        "RTP/AVP;unicast;client_port=0-1",
        "RTP/AVP;unicast;client_port=99999",
        "RTP/SAVP;unicast;client_port=5000-5001",
        "RAW/RAW/UDP;unicast",
        "",
        "RTP/AVP;unicast;client_port=5000-5001"
      })
  void refusesWaysThatItDoesNotHave(String transport) {
    run.announce(SessionRun.BASE);
    assertEquals(461, run.setUp("streamid=0", transport).status());
  }

  @Test
  void takesTheFirstWayThatItHas() {
    run.announce(SessionRun.BASE);
    RtspResponse answer =
        run.setUp("streamid=0", "RTP/AVP;multicast, RTP/AVP/TCP;unicast;interleaved=6-7");
    assertEquals(200, answer.status());
    assertTrue(answer.headers().get("Transport").getFirst().contains("interleaved=6-7"));
  }

  @Test
  void refusesTracksThatWereNotAnnouncedAndStepsOutOfOrder() {
    assertEquals(455, run.setUp("streamid=0", "RTP/AVP/TCP;interleaved=0-1").status());
    assertEquals(455, run.ask("RECORD", SessionRun.BASE, "").status());
    run.announce(SessionRun.BASE);
    assertEquals(455, run.ask("RECORD", SessionRun.BASE, "").status());
    assertEquals(404, run.setUp("streamid=9", "RTP/AVP/TCP;interleaved=0-1").status());
    String id = SessionRun.sessionOf(run.setUp("streamid=0", "RTP/AVP/TCP;interleaved=0-1"));
    assertEquals(
        404, run.setUp("streamid=0", "RTP/AVP/TCP;interleaved=2-3", "Session", id).status());
    assertEquals(
        461, run.setUp("streamid=1", "RTP/AVP/TCP;interleaved=1-2", "Session", id).status());
    assertNotEquals(200, run.setUp("streamid=1", "RTP/AVP/TCP;interleaved=2-3").status());
  }

  @Test
  void ignoresMediaThatComeTooSoonOrOnForeignChannels() {
    run.session.onFrame(2, sound(1));
    String id = run.untilReady();
    run.session.onFrame(2, sound(2));
    run.ask("RECORD", SessionRun.BASE, "", "Session", id);
    run.session.onFrame(9, sound(3));
    run.session.onFrame(2, sound(4));
    run.close();
    assertEquals(1, publication().packets(1).size());
    assertEquals(List.of("connection lost"), publication().closings());
  }

  @Test
  void answersRequestsBetweenFrames() {
    String request = "OPTIONS * RTSP/1.0\r\nCSeq: 7\r\nUser-Agent: x\r\n\r\n";
    ByteBuffer bytes = ByteBuffer.allocate(4_000);
    bytes.put((byte) '$').put((byte) 0).putShort((short) 5).put(new byte[5]);
    bytes.put(request.getBytes(StandardCharsets.US_ASCII));
    bytes.put((byte) '$').put((byte) 1).putShort((short) 0);
    bytes.put("\r\n".getBytes(StandardCharsets.US_ASCII));
    bytes.put(request.replace("\r", "").getBytes(StandardCharsets.US_ASCII)).flip();
    while (bytes.hasRemaining()) {
      run.feed(bytes.slice(bytes.position(), 1));
      bytes.get();
    }
    assertEquals(2, run.answers.size());
    assertEquals(List.of("7"), run.answers.getLast().headers().get("CSeq"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nContent-Length: 99999999\r\n\r\n",
        "OPTIONS * RTSP/1.0\r\nContent-Length: 70000\r\n\r\n",
        "options * RTSP/1.0\r\n\r\n"
      })
  void refusesWhatIsNoRequest(String bytes) {
    assertProtocolViolation(bytes.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void boundsWhatARequestMayBe() {
    assertProtocolViolation("A".repeat(20_000).getBytes(StandardCharsets.US_ASCII));
    String many = "OPTIONS * RTSP/1.0\r\n" + "a: b\r\n".repeat(100) + "\r\n";
    assertProtocolViolation(many.getBytes(StandardCharsets.US_ASCII));
  }

  private void assertProtocolViolation(byte[] bytes) {
    HalcyonException failure =
        Assertions.assertThrows(HalcyonException.class, () -> run.feed(ByteBuffer.wrap(bytes)));
    assertEquals(ErrorCode.PROTOCOL_VIOLATION, failure.code());
  }

  @Test
  void wantsTheNumberOfARequest() {
    run.feed(ByteBuffer.wrap("OPTIONS * RTSP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    assertEquals(400, run.answers.getFirst().status());
    assertTrue(run.answers.getFirst().ends());
  }

  @Test
  void writesAnswersThatNobodyCanBreakOutOf() {
    byte[] bytes = RtspResponse.of(404, "no\r\nSet-Cookie: x").with("CSeq", "1").bytes();
    assertEquals(
        "RTSP/1.0 404 no..Set-Cookie: x\r\nCSeq: 1\r\nServer: Halcyon\r\n\r\n",
        new String(bytes, StandardCharsets.US_ASCII));
  }
}
