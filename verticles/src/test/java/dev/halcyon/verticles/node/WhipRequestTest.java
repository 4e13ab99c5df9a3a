package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What publishers by WebRTC ask for over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WhipRequestTest {
  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    node = TestNode.start(folder, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  @Test
  void refusesOverHttpWhatItCannotTake() {
    TestStream stream = user.quietStream();
    String path = "/whip/" + stream.row().getString("stream_key");
    assertEquals("415 UNSUPPORTED_MEDIA", code(user.send("POST", path)));
    assertEquals("400 BAD_REQUEST", code(post(path, "no offer")));
    assertEquals("415 UNSUPPORTED_MEDIA", code(post(path, "v=0\r\nm=video 9 RTP/AVP 96\r\n")));
    assertEquals("404 UNKNOWN_STREAM_KEY", code(post("/whip/none", OFFER)));
    assertEquals("413 PAYLOAD_TOO_LARGE", code(post(path, "x".repeat(70_000))));
    assertEquals("404 NOT_FOUND", code(user.send("DELETE", "/whip/sessions/none")));
    assertEquals(
        "404 NOT_FOUND",
        code(
            user.send(
                "PATCH",
                "/whip/sessions/none",
                BodyPublishers.ofString("a=end-of-candidates"),
                "Content-Type",
                "application/trickle-ice-sdpfrag")));
    assertEquals("404 NOT_FOUND", code(user.send("GET", path)));
  }

  @Test
  void letsOneSessionPublishAndTellsItsAddressToPagesOfAnyOrigin() {
    TestStream stream = user.quietStream();
    String path = "/whip/" + stream.row().getString("stream_key");
    HttpResponse<byte[]> preflight = user.send("OPTIONS", path, "Origin", "https://example.org");
    assertEquals(204, preflight.statusCode());
    assertEquals("*", header(preflight, "access-control-allow-origin"));
    HttpResponse<byte[]> opened = post(path, OFFER);
    assertEquals(201, opened.statusCode());
    String exposed = header(opened, "access-control-expose-headers");
    assertTrue(exposed.contains("Location"), exposed);
    String answer = new String(opened.body(), StandardCharsets.UTF_8);
    assertTrue(answer.contains("a=ice-lite\r\n"), answer);
    assertTrue(answer.contains("m=video 9 UDP/TLS/RTP/SAVPF 97\r\n"), answer);
    assertTrue(answer.contains("a=setup:passive\r\n"), answer);
    assertEquals("409 PUBLISHER_EXISTS", code(post(path, OFFER)));

    String session = header(opened, "location");
    String tag = header(opened, "etag");
    assertEquals(204, patch(session, tag, "a=ice-ufrag:abcd\r\na=ice-pwd:" + PASSWORD));
    assertEquals(412, patch(session, "\"other\"", "a=ice-ufrag:abcd\r\na=ice-pwd:" + PASSWORD));
    assertEquals(200, patch(session, "*", "a=ice-ufrag:efgh\r\na=ice-pwd:" + PASSWORD));
    assertEquals(412, patch(session, tag, "a=ice-ufrag:efgh\r\na=ice-pwd:" + PASSWORD));
    assertEquals(200, user.send("DELETE", session).statusCode());
    assertEquals("404 NOT_FOUND", code(user.send("DELETE", session)));
    assertEquals(201, post(path, OFFER).statusCode());
  }

  private static final String PASSWORD = "0123456789abcdef01234567";

  /** VP8 before H.264, as browsers do. */
  private static final String OFFER =
      """
      v=0
      o=- 1 2 IN IP4 127.0.0.1
      s=-
      t=0 0
      a=group:BUNDLE 0
      m=video 9 UDP/TLS/RTP/SAVPF 96 97
      a=mid:0
      a=sendonly
      a=rtcp-mux
      a=ice-ufrag:abcd
      a=ice-pwd:0123456789abcdef01234567
      a=fingerprint:sha-256 %s
      a=setup:actpass
      a=rtpmap:96 VP8/90000
      a=rtpmap:97 H264/90000
      a=fmtp:97 packetization-mode=1;profile-level-id=42e01f
      """
          .formatted("AB:".repeat(31) + "AB");

  private HttpResponse<byte[]> post(String path, String body) {
    return user.send(
        "POST", path, BodyPublishers.ofString(body), "Content-Type", "application/sdp");
  }

  private int patch(String path, String tag, String body) {
    return user.send(
            "PATCH",
            path,
            BodyPublishers.ofString(body),
            "Content-Type",
            "application/trickle-ice-sdpfrag",
            "If-Match",
            tag)
        .statusCode();
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElseThrow();
  }

  /** {@code STATUS CODE} */
  private static String code(HttpResponse<byte[]> answer) {
    String[] words = TestUser.error(answer).split(" ", 3);
    return words[0] + ' ' + words[1];
  }
}
