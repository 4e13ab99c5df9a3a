package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's ffmpeg publishes, and judges what comes out. */
@Timeout(120)
class ForeignPublisherTest {
  private static final int FPS = 30;
  private static final String SOURCES =
      "-re -f lavfi -i testsrc2=size=640x360:rate=30 -re -f lavfi -i sine=f=440:r=48000";
  private static final String ENCODERS =
      "-t 6 -c:v libx264 -preset veryfast -bf 2 -g 60 -pix_fmt yuv420p -c:a aac -f flv";

  @TempDir private Path folder;

  @Test
  void clipsWhatFfmpegEncodesAndPublishes() throws Exception {
    ForeignTool.require("ffmpeg", "-version");
    try (TestNode node = TestNode.start(folder, Map.of())) {
      TestUser user = node.user();
      TestStream stream = user.quietStream();
      String publish = "ffmpeg -v error " + SOURCES + " " + ENCODERS + " " + stream.rtmpUrl();
      try (ForeignTool publisher = ForeignTool.start(folder, publish.split(" "))) {
        stream.awaitHeld(1_000_000);
        JsonObject clip = stream.ready(stream.request(1_230_000, 4_560_000));
        JsonObject contract = TestUser.contract(clip);
        assertFalse(contract.getBoolean("clamped"), contract::encode);
        assertEquals("[]", contract.getJsonArray("gaps").encode());
        assertEquals(framesOf(contract), framesIn(user.download(clip)), contract::encode);
        assertEquals(0, publisher.exitStatus(), publisher::output);
      }
      assertEquals("unpublished", stream.await("stream.ended").getString("reason"));
      stream.awaitStatus("idle");
    }
  }

  private static long framesOf(JsonObject contract) {
    long lengthUs = contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
    return (lengthUs * FPS + 500_000) / 1_000_000;
  }

  /** Decodes the whole file and counts the pictures that are shown; errors fail. */
  private long framesIn(Path file) throws Exception {
    String errors =
        ForeignTool.run(folder, "ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-");
    assertEquals("", errors);
    String count =
        ForeignTool.run(
            folder,
            "ffprobe",
            "-v",
            "error",
            "-select_streams",
            "v",
            "-count_frames",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
            file.toString());
    return Long.parseLong(count.strip());
  }
}
