package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node gives clips in other forms, and takes them back with the clip. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class ClipFormatsTest {
  private static final TestCard CARD =
      TestCard.builder().size(320, 180).gop(45).bFrames(2).cardId(12).build();

  private Path folder;
  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private CardPush push;
  private JsonObject clip;

  @BeforeAll
  void publish(@TempDir Path dir) throws Exception {
    folder = dir;
    node =
        TestNode.start(
            dir, Map.of("HALCYON_CLIPS_UNDO_S", "0", "HALCYON_CLIPS_HOUSEKEEPING_S", "1"));
    user = node.user();
    stream = user.quietStream();
    push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(6_000_000);
    clip = clip(1_234_567, 4_000_000);
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    node.close();
  }

  private JsonObject clip(long fromUs, long toUs) {
    JsonObject ready = stream.ready(stream.request(fromUs, toUs));
    Deadline.until(
        "its row", () -> user.send("HEAD", ready.getString("download_url")).statusCode() == 200);
    return ready;
  }

  private static String download(JsonObject of, String query) {
    return "/api/clips/" + of.getString("id") + "/download?" + query;
  }

  /** A file that may have to be made first. */
  private HttpResponse<byte[]> get(String path, String... headers) {
    Deadline.until(
        "what " + path + " gives", () -> user.send("HEAD", path, headers).statusCode() != 202);
    HttpResponse<byte[]> answer = user.send("GET", path, headers);
    assertTrue(
        answer.statusCode() < 300,
        () -> path + ": " + new String(answer.body(), StandardCharsets.UTF_8));
    return answer;
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private List<Path> filesOf(JsonObject of) {
    try {
      return node.clipFiles().stream()
          .filter(file -> file.toString().contains(of.getString("id")))
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private Verdict judge(HttpResponse<byte[]> answer, String ending) throws IOException {
    Path file = Files.createTempFile(folder, "format", ending);
    return TestCardJudge.judge(Files.write(file, answer.body()));
  }

  @Test
  void showsTheSamePicturesInOtherContainers() throws IOException {
    Verdict.Pictures asked = user.judge(clip).pictures().orElseThrow();
    for (String format : List.of("mkv", "ts")) {
      HttpResponse<byte[]> answer = get(download(clip, "format=" + format));
      assertEquals(
          format.equals("mkv") ? "video/x-matroska" : "video/mp2t", header(answer, "Content-Type"));
      assertTrue(header(answer, "Content-Disposition").contains("." + format + "\""));
      Verdict verdict = judge(answer, "." + format);
      assertEquals(List.of(), verdict.faults(5_000), format);
      assertEquals(asked.firstFrame(), verdict.pictures().orElseThrow().firstFrame());
      assertEquals(asked.lastFrame(), verdict.pictures().orElseThrow().lastFrame());
    }
  }

  @Test
  void answersRangesAndConditionsOfEveryForm() {
    for (String format : List.of("mkv", "gif")) {
      String path = download(clip, "format=" + format);
      HttpResponse<byte[]> whole = get(path);
      String etag = header(whole, "ETag");
      assertTrue(etag.matches("\"[0-9a-f]{64}\""), etag);
      HttpResponse<byte[]> part = user.send("GET", path, "Range", "bytes=100-199");
      assertEquals(206, part.statusCode());
      assertArrayEquals(Arrays.copyOfRange(whole.body(), 100, 200), part.body());
      assertEquals(304, user.send("GET", path, "If-None-Match", etag).statusCode());
      assertEquals(412, user.send("GET", path, "If-Match", "\"x\"").statusCode());
      assertEquals(
          200, user.send("GET", path, "Range", "bytes=0-9", "If-Range", "\"x\"").statusCode());
      assertEquals(416, user.send("GET", path, "Range", "bytes=999999999-").statusCode());
    }
  }

  @Test
  void makesPreviewsAsAsked() throws IOException {
    HttpResponse<byte[]> gif =
        get(download(clip, "format=gif&width_px=160&fps=5&from_us=500000&length_us=1000000"));
    assertEquals("image/gif", header(gif, "Content-Type"));
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(gif.body())));
    assertEquals(5, reader.getNumImages(true));
    assertEquals(160, reader.getWidth(0));
    HttpResponse<byte[]> webp = get(download(clip, "format=webp&width_px=160&fps=2"));
    assertEquals("image/webp", header(webp, "Content-Type"));
    assertEquals("WEBP", new String(webp.body(), 8, 4, StandardCharsets.ISO_8859_1));
    // What goes beyond the clip's end is the same file.
    String beyond = "format=webp&width_px=160&fps=2&from_us=0&length_us=15000000";
    assertEquals(header(webp, "ETag"), header(get(download(clip, beyond)), "ETag"));
  }

  @Test
  void makesAFileOnceHoweverManyAskForIt() throws Exception {
    JsonObject wanted = clip(2_000_000, 5_000_000);
    String metric = "clip_derived_total{kind=\"ts\"}";
    get(download(clip, "format=ts"));
    double before = node.metric(metric);
    try (ExecutorService many = Executors.newFixedThreadPool(6)) {
      Callable<String> one = () -> header(get(download(wanted, "format=ts")), "ETag");
      List<Future<String>> etags =
          many.invokeAll(IntStream.range(0, 6).mapToObj(i -> one).toList());
      for (Future<String> etag : etags) {
        assertEquals(etags.getFirst().get(), etag.get());
      }
    }
    assertEquals(before + 1, node.metric(metric));
    assertEquals(1, filesOf(wanted).stream().filter(f -> f.toString().endsWith(".ts")).count());
  }

  @Test
  void makesTheSameBitsAgainWhenTheFileIsLost() throws Exception {
    JsonObject wanted = clip(1_500_000, 3_500_000);
    String etag = header(get(download(wanted, "format=mkv")), "ETag");
    for (Path file : filesOf(wanted)) {
      if (file.toString().endsWith(".mkv")) {
        Files.delete(file);
      }
    }
    assertEquals(etag, header(get(download(wanted, "format=mkv")), "ETag"));
  }

  @Test
  void keepsAFewPreviewsOfAClipOnly() throws Exception {
    JsonObject wanted = clip(1_000_000, 2_000_000);
    for (int width = 32; width < 32 + 2 * 11; width += 2) {
      get(download(wanted, "format=gif&fps=1&width_px=" + width));
    }
    Deadline.until(
        "old previews to go",
        () ->
            filesOf(wanted).stream().filter(file -> file.toString().endsWith(".gif")).count() == 8);
  }

  private static final Pattern CUE =
      Pattern.compile("(/api/clips/\\S+)#xywh=(\\d+),(\\d+),(\\d+),(\\d+)");

  @Test
  void hasAStripSoonAfterItIsSealed() throws Exception {
    JsonObject wanted = clip(2_500_000, 4_500_000);
    Deadline.until(
        "the strip, which nobody asked for",
        () ->
            filesOf(wanted).stream().filter(file -> file.toString().endsWith(".jpg")).count() > 1);
    HttpResponse<byte[]> cues = get(wanted.getString("strip_url"));
    assertEquals("text/vtt; charset=utf-8", header(cues, "Content-Type"));
    Matcher cue = CUE.matcher(new String(cues.body(), StandardCharsets.UTF_8));
    int seen = 0;
    BufferedImage image = null;
    while (cue.find()) {
      if (image == null) {
        HttpResponse<byte[]> jpeg = get(cue.group(1));
        assertEquals("image/jpeg", header(jpeg, "Content-Type"));
        image = ImageIO.read(new ByteArrayInputStream(jpeg.body()));
      }
      int right = Integer.parseInt(cue.group(2)) + Integer.parseInt(cue.group(4));
      int bottom = Integer.parseInt(cue.group(3)) + Integer.parseInt(cue.group(5));
      assertTrue(right <= image.getWidth() && bottom <= image.getHeight(), cue.group());
      // The card's code has white and black cells in its lowest rows.
      assertNotEquals(0, image.getRGB(right - 80, bottom - 12) & 0xffffff, cue.group());
      seen++;
    }
    assertEquals(10, seen);
  }

  @Test
  void hasItsPosterAsWebpToo() throws IOException {
    String poster = clip.getString("poster_url").replaceFirst("\\?.*", "");
    HttpResponse<byte[]> jpeg = get(poster);
    assertEquals("image/jpeg", header(jpeg, "Content-Type"));
    assertEquals("accept", header(jpeg, "Vary").toLowerCase(Locale.ROOT));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg.body()));
    assertEquals(640, image.getWidth());
    HttpResponse<byte[]> webp = get(poster + "?format=webp");
    assertEquals("image/webp", header(webp, "Content-Type"));
    assertTrue(webp.body().length < jpeg.body().length);
    assertEquals(
        "image/webp", header(get(poster, "Accept", "image/avif,image/webp,*/*"), "Content-Type"));
    assertEquals("image/jpeg", header(get(poster + "?format=jpg"), "Content-Type"));
    assertEquals(400, user.send("GET", poster + "?format=bmp").statusCode());
  }

  @Test
  void refusesWhatItCannotGive() {
    for (String query :
        List.of(
            "format=avi",
            "format=",
            "format=mkv&fps=5",
            "format=../../etc/passwd",
            "format=gif&fps=0",
            "format=gif&fps=11",
            "format=gif&width_px=481",
            "format=gif&width_px=-1",
            "format=gif&length_us=15000001",
            "format=gif&from_us=9223372036854775807",
            "format=gif&from_us=-1",
            "format=gif&from_us=9999999",
            "format=gif&fps=1e1",
            "width_px=100",
            "version=x&format=mkv")) {
      HttpResponse<byte[]> answer = user.send("GET", download(clip, query));
      assertEquals(400, answer.statusCode(), query);
    }
    assertEquals(404, user.send("GET", download(clip, "version=7&format=mkv")).statusCode());
    TestUser stranger = node.user();
    assertEquals(404, stranger.send("GET", download(clip, "format=mkv")).statusCode());
    assertEquals(
        404,
        stranger.send("GET", "/api/clips/" + clip.getString("id") + "/strip.vtt").statusCode());
    JsonObject open =
        new JsonObject()
            .put("id", stream.request(stream.heldToUs(), stream.heldToUs() + 2_000_000));
    assertEquals(425, user.send("GET", download(open, "format=mkv")).statusCode());
    stream.ready(open.getString("id"));
  }

  @Test
  void countsAnyFormOfASharedClipAsOneDownload() {
    JsonObject link =
        new JsonObject(
            Buffer.buffer(
                user.post(
                        "/api/clips/" + clip.getString("id") + "/share",
                        new JsonObject().put("max_downloads", 2))
                    .body()));
    String url = link.getString("download_url").replaceFirst("^https?://[^/]*", "");
    assertEquals(400, user.send("GET", url + "&format=gif&fps=3").statusCode());
    for (String format : List.of("mkv", "gif")) {
      Deadline.until(
          format, () -> user.send("HEAD", url + "&format=" + format).statusCode() == 200);
      assertEquals(200, user.send("GET", url + "&format=" + format).statusCode());
    }
    HttpResponse<byte[]> third = user.send("GET", url + "&format=gif");
    assertEquals(410, third.statusCode());
    assertTrue(TestUser.error(third).contains("SHARE_USED_UP"));
  }

  @Test
  void leavesNothingOfADeletedClip() throws Exception {
    JsonObject gone = clip(1_100_000, 2_600_000);
    for (String format : List.of("mkv", "ts", "gif", "webp")) {
      get(download(gone, "format=" + format));
    }
    get(gone.getString("poster_url").replaceFirst("\\?.*", "?format=webp"));
    get(gone.getString("strip_url"));
    assertEquals(8, filesOf(gone).size());
    user.send("DELETE", "/api/clips/" + gone.getString("id"));
    assertEquals(404, user.send("GET", download(gone, "format=mkv")).statusCode());
    Deadline.until("its files to go", () -> filesOf(gone).isEmpty());
  }

  @Test
  void countsThemInTheStorage() {
    JsonObject wanted = clip(1_300_000, 2_300_000);
    int size = get(download(wanted, "format=mkv")).body().length;
    JsonObject storage = user.client().get("/api/workspace/storage").getJsonObject("clips");
    assertTrue(storage.getLong("derived_files") >= 1, storage::encode);
    assertTrue(storage.getLong("derived_bytes") >= size, storage::encode);
    assertTrue(storage.getLong("bytes") > storage.getLong("derived_bytes"), storage::encode);
  }
}
