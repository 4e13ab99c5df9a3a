package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files with edit lists and priming, as people publish them: Debian's ffmpeg copies their packets
 * into a stream. FLV has no edit lists, so what they hide may be sent; sound and pictures must stay
 * together all the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class PushedFilesTest {
  private static final long MAX_SKEW_US = 5_000;
  private static final int RATE_HZ = 48_000;

  private Path folder;
  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    this.folder = folder;
    node = TestNode.start(folder, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    if (node != null) {
      node.close();
    }
  }

  /** Three times as fast as real time; the stream once it has ended. */
  private TestStream push(Path file, String... seek) throws Exception {
    TestStream stream = user.quietStream();
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-readrate", "3"));
    command.addAll(List.of(seek));
    command.addAll(List.of("-i", file.toString(), "-t", "5", "-map", "0:v:0", "-map", "0:a:0"));
    command.addAll(List.of("-c", "copy", "-f", "flv", stream.rtmpUrl()));
    ForeignTool.run(folder, command.toArray(String[]::new));
    stream.await("stream.ended");
    return stream;
  }

  private Path card() {
    Path file = folder.resolve("card.mp4");
    if (Files.notExists(file)) {
      TestCard card = TestCard.builder().size(160, 120).bFrames(2).gop(60).cardId(71).build();
      TestCardFile.write(card, 5_000_000, file);
    }
    return file;
  }

  private JsonObject clipOf(TestStream stream) {
    return stream.ready(stream.request(310_000, stream.heldToUs() - 200_000));
  }

  private void assertInTime(TestStream stream) {
    Verdict verdict = user.judge(clipOf(stream));
    assertEquals(List.of(), verdict.faults(MAX_SKEW_US), verdict::toString);
    assertTrue(verdict.skew().orElseThrow().markers() > 5, verdict::toString);
  }

  @Test
  void keepsAFileThatIsEnteredInTheMiddleOfAGopInTime() throws Exception {
    assertInTime(push(card(), "-ss", "1.3"));
  }

  /** Its edit list hides two thirds of a GOP, and part of a packet of sound. */
  @Test
  void keepsAClipThatIsPublishedAgainInTime() throws Exception {
    TestStream first = push(card());
    Path clip = user.download(first.ready(first.request(1_330_000, 4_010_000)));
    assertInTime(push(clip));
  }

  /** What is heard with a picture is what the file has with that picture. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "timecode_speech.mp4",
        "interviews_20cuts.mp4",
        "clock_300kbps.flv",
        "nasa_2video_2audio.mp4"
      })
  void keepsRealFilesInTime(String name) throws Exception {
    Path source = data(name);
    TestStream stream = push(source);
    Path clip = user.download(stream.ready(stream.request(1_000_000, 4_000_000)));
    List<Shown> all = pictures(source);
    List<Shown> shown = pictures(clip);
    int first = indexOf(shown, all);
    for (int i = 0; i < shown.size(); i++) {
      assertEquals(all.get(first + i).md5(), shown.get(i).md5(), name + " picture " + i);
    }
    long shiftUs = all.get(first).ptsUs() - shown.getFirst().ptsUs();
    long skewUs = laterUs(sound(source), sound(clip), shiftUs);
    assertTrue(Math.abs(skewUs) <= MAX_SKEW_US, () -> name + ": sound is off by " + skewUs + " us");
  }

  private static Path data(String name) {
    String data = System.getenv("HALCYON_TEST_DATA");
    Path file = Path.of(data == null ? "" : data, "media", name);
    if (data == null || Files.notExists(file)) {
      System.out.println("skipped: HALCYON_TEST_DATA has no media/" + name);
    }
    assumeTrue(data != null && Files.exists(file), "no media/" + name);
    return file;
  }

  private record Shown(long ptsUs, String md5) {}

  private static int indexOf(List<Shown> part, List<Shown> all) {
    for (int at = 0; at + part.size() <= all.size(); at++) {
      boolean isThere = true;
      for (int i = 0; i < Math.min(30, part.size()) && isThere; i++) {
        isThere = all.get(at + i).md5().equals(part.get(i).md5());
      }
      if (isThere) {
        return at;
      }
    }
    throw new AssertionError("the clip's pictures are not the file's");
  }

  private List<Shown> pictures(Path file) throws Exception {
    String output =
        ForeignTool.run(
            folder,
            ("ffmpeg -v error -nostdin -copyts -t 8 -i " + file)
                .concat(" -map 0:v:0 -vsync passthrough -enc_time_base 1:1000000 -f framemd5 -")
                .split(" "));
    List<Shown> pictures = new ArrayList<>();
    for (String line : output.lines().filter(each -> !each.startsWith("#")).toList()) {
      List<String> fields = List.of(line.split("\\s*,\\s*", -1));
      pictures.add(new Shown(Long.parseLong(fields.get(2).strip()), fields.get(5)));
    }
    return pictures;
  }

  /** Mono, from the file's time 0 on. */
  private FloatBuffer sound(Path file) throws Exception {
    Path raw = Files.createTempFile(folder, "sound", ".f32");
    ForeignTool.run(
        folder,
        ("ffmpeg -v error -nostdin -y -copyts -t 8 -i " + file)
            .concat(" -map 0:a:0 -af aresample=48000:async=1:first_pts=0 -ac 1 -f f32le " + raw)
            .split(" "));
    return ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** How much later the part is heard than {@code shiftUs} before the same sound in the whole. */
  private static long laterUs(FloatBuffer all, FloatBuffer part, long shiftUs) {
    int length = RATE_HZ / 2;
    int start = loudest(part, length);
    int shift = Math.toIntExact(Math.round(shiftUs * (RATE_HZ / 1e6)));
    int best = 0;
    double least = Double.MAX_VALUE;
    int most = RATE_HZ * 60 / 1_000;
    for (int late = -most; late <= most; late++) {
      double sum = 0;
      for (int i = 0; i < length && sum < least; i++) {
        double difference = all.get(start + shift - late + i) - part.get(start + i);
        sum += difference * difference;
      }
      if (sum < least) {
        least = sum;
        best = late;
      }
    }
    return best * 1_000_000L / RATE_HZ;
  }

  /** Where half a second of it is loudest, away from its ends. */
  private static int loudest(FloatBuffer sound, int length) {
    int loudest = 0;
    double most = -1;
    for (int at = RATE_HZ / 5; at + length < sound.limit() - RATE_HZ / 5; at += length / 4) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += sound.get(at + i) * sound.get(at + i);
      }
      if (sum > most) {
        most = sum;
        loudest = at;
      }
    }
    assertTrue(most > 1e-3, "there is nothing to hear");
    return loudest;
  }
}
