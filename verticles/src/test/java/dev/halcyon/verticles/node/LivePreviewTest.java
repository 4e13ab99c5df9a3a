package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stream that is watched while it is pushed over RTMP, on a whole node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class LivePreviewTest {
  private static final long MAX_SKEW_US = 5_000;
  private static final Pattern SEGMENT = Pattern.compile("(?m)^[0-9a-z]+-(\\d+)\\.m4s\\S*$");
  private static final Pattern PART =
      Pattern.compile("PART:[^\\n]*URI=\"([0-9a-z]+-(\\d+)\\.(\\d+)\\.m4s[^\"]*)");
  private static final Pattern HINT = Pattern.compile("PRELOAD-HINT:TYPE=PART,URI=\"([^\"]+)");
  private static final Pattern MAP = Pattern.compile("MAP:URI=\"([^\"]+)");

  private static final TestCard CARD =
      TestCard.builder().size(640, 360).gop(60).bFrames(2).cardId(43).build();

  @TempDir private static Path folder;

  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private CardPush push;
  private String url;

  @BeforeAll
  void publish() throws Exception {
    node = TestNode.start(folder, Map.of());
    user = node.user();
    stream = user.quietStream();
    url = stream.row().getString("preview_url");
    push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(5_000_000);
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    node.close();
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private String list(String more) {
    HttpResponse<byte[]> answer = user.send("GET", url + more);
    assertEquals(200, answer.statusCode(), () -> text(answer));
    assertEquals(
        "application/vnd.apple.mpegurl", answer.headers().firstValue("Content-Type").orElse(""));
    return text(answer);
  }

  private byte[] piece(String name) {
    HttpResponse<byte[]> answer = user.send("GET", "/live/" + stream.id() + "/" + name);
    assertEquals(200, answer.statusCode(), () -> name + ": " + text(answer));
    return answer.body();
  }

  private static String first(Pattern pattern, String text) {
    return pattern.matcher(text).results().findFirst().orElseThrow().group(1);
  }

  @Test
  void itsSegmentsShowEveryPictureOfTheStream() throws Exception {
    String list = list("");
    List<String> segments = SEGMENT.matcher(list).results().map(MatchResult::group).toList();
    assertTrue(segments.size() >= 2, list);
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    joined.writeBytes(piece(first(MAP, list)));
    for (String segment : segments) {
      joined.writeBytes(piece(segment));
    }
    Verdict verdict =
        TestCardJudge.judge(Files.write(folder.resolve("a.mp4"), joined.toByteArray()));
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertEquals(0, verdict.pictures().orElseThrow().firstFrame());
    assertEquals(60 * segments.size(), verdict.pictures().orElseThrow().presentedFrames());
  }

  @Test
  void aRequestForWhatIsToComeIsHeldUntilItIsThere() {
    String list = list("");
    MatchResult newest = PART.matcher(list).results().reduce((a, b) -> b).orElseThrow();
    long number = Long.parseLong(newest.group(2));
    int part = Integer.parseInt(newest.group(3)) + 2;
    String later = list("&_HLS_msn=%d&_HLS_part=%d".formatted(number, part));
    boolean isThere =
        PART.matcher(later)
            .results()
            .anyMatch(
                found ->
                    Long.parseLong(found.group(2)) > number
                        || (Long.parseLong(found.group(2)) == number
                            && Integer.parseInt(found.group(3)) >= part));
    assertTrue(isThere, later);
    byte[] hinted = piece(first(HINT, later));
    assertEquals("moof", new String(hinted, 4, 4, StandardCharsets.US_ASCII));
  }

  @Test
  void whoeverHasLostTheWayIsToldSo() {
    String list = list("");
    long newest =
        Long.parseLong(SEGMENT.matcher(list).results().reduce((a, b) -> b).orElseThrow().group(1));
    assertEquals(400, user.send("GET", url + "&_HLS_msn=" + (newest + 9)).statusCode());
    assertEquals(400, user.send("GET", url + "&_HLS_part=1").statusCode());
    String signature = url.substring(url.indexOf('?'));
    String gone = "/live/" + stream.id() + "/t-" + (newest + 9) + ".m4s" + signature;
    assertEquals(404, user.send("GET", gone).statusCode());
    assertEquals(404, user.send("GET", gone.replace(".m4s", ".ts")).statusCode());
    try (TestUser stranger = node.visitor()) {
      String forged = "/live/" + stream.id() + "/index.m3u8?exp=1&sig=x";
      assertEquals(401, stranger.send("GET", forged).statusCode());
      assertEquals(200, stranger.send("GET", url).statusCode());
    }
    String other = user.quietStream().row().getString("preview_url");
    assertEquals(409, user.send("GET", other).statusCode());
  }

  @Test
  void debiansFfmpegFollowsIt() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    Path copied = folder.resolve("followed.mp4");
    ForeignTool.run(
        folder,
        "ffmpeg",
        "-nostdin",
        "-loglevel",
        "error",
        "-live_start_index",
        "0",
        "-i",
        user.url(url),
        "-t",
        "7",
        "-c",
        "copy",
        copied.toString());
    Verdict verdict = TestCardJudge.judge(copied);
    Verdict.Pictures pictures = verdict.pictures().orElseThrow();
    assertTrue(pictures.presentedFrames() >= 200, verdict::toString);
    assertEquals(0, verdict.decodeErrors(), verdict::toString);
    // Whoever copies packets stops between pictures that are shown in another order.
    assertTrue(
        pictures.missing().stream().allMatch(frame -> frame > pictures.lastFrame() - 3),
        verdict::toString);
    assertTrue(verdict.skew().orElseThrow().maxAbsUs() <= MAX_SKEW_US, verdict::toString);
  }

  @Test
  void aSnapshotIsAPictureOfIt() throws Exception {
    HttpResponse<byte[]> answer = user.send("GET", stream.row().getString("snapshot_url"));
    assertEquals(200, answer.statusCode());
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.body()));
    assertEquals(640, image.getWidth());
    assertEquals(360, image.getHeight());
    assertFalse(
        image.getRGB(5, 5) == image.getRGB(320, 180)
            && image.getRGB(320, 180) == image.getRGB(600, 300));
  }
}
