package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.cut.smart.SmartCut;
import dev.halcyon.codecs.testcard.FrameStamp;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.cut.CutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clips over a reconnect, and growing ones, as Debian's FFmpeg and GStreamer decode them. */
class StitchedPlayersTest {
  /** All pictures are scaled to this, so that one raw file has them. */
  private static final int WIDTH_PX = Reconnect.WIDTH_PX;

  private static final int HEIGHT_PX = Reconnect.HEIGHT_PX;
  private static final int MOST_REORDERED = 2;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void decodeEveryPictureOfBothSides(Reconnect shape) throws Exception {
    Program.require("ffmpeg");
    Program.require("ffprobe");
    try (EpochRing ring = shape.publish(folder.resolve("ring"))) {
      CutRequest request = Reconnect.request();
      Path sealed = folder.resolve("sealed.mp4");
      CutContract contract = RingCutter.cut(ring.ring(), request, sealed).contract();
      List<String> wanted = wanted(ring, contract.deliveredStartUs());
      Path exact = folder.resolve("exact.mp4");
      SmartCut.make(sealed, contract, exact);
      assertEquals(wanted, seenByFfmpeg(exact));
      assertEquals(wanted, seenByFfmpeg(sealed));
      List<String> seen = seenByFfmpeg(grown(ring, request));
      int lacking = wanted.size() - seen.size();
      assertEquals(wanted.subList(0, wanted.size() - Math.clamp(lacking, 0, MOST_REORDERED)), seen);
      assertEquals(names(wanted), seenByGStreamer(sealed));
      assertEquals(names(wanted), seenByGStreamer(exact));
    }
  }

  /** Each picture as {@code card:frame WxH at us}. */
  private static List<String> wanted(EpochRing ring, long originUs) {
    List<String> wanted = new ArrayList<>();
    for (int number = 0; number < 2; number++) {
      EpochRing.Epoch epoch = ring.epoch(number);
      TestCard.Video video = epoch.card().video().orElseThrow();
      String size = " " + video.widthPx() + "x" + video.heightPx() + " at ";
      epoch
          .pictures()
          .subMap(Reconnect.FROM_US, Reconnect.TO_US)
          .forEach(
              (us, frame) ->
                  wanted.add(epoch.card().cardId() + ":" + frame + size + (us - originUs)));
    }
    return wanted;
  }

  private static List<String> names(List<String> pictures) {
    return pictures.stream().map(picture -> picture.substring(0, picture.indexOf(' '))).toList();
  }

  private List<String> seenByFfmpeg(Path file) throws Exception {
    Path raw = folder.resolve("raw");
    assertSilent(
        "-i",
        file.toString(),
        "-map",
        "0:v",
        "-vsync",
        "passthrough",
        "-vf",
        "scale=" + WIDTH_PX + ":" + HEIGHT_PX,
        "-pix_fmt",
        "gray",
        "-f",
        "rawvideo",
        raw.toString());
    assertSilent("-i", file.toString(), "-map", "0:a", "-f", "null", "-");
    List<String> times =
        Program.text(
                "ffprobe",
                "-v",
                "error",
                "-select_streams",
                "v",
                "-show_entries",
                "frame=pts,width,height",
                "-of",
                "csv=p=0",
                file.toString())
            .lines()
            .map(line -> line.split(",", -1))
            // Side data stand between them.
            .filter(words -> words.length >= 3 && !words[0].isEmpty())
            .map(words -> " " + words[1] + "x" + words[2] + " at " + words[0])
            .toList();
    List<String> names = framesOf(raw);
    assertEquals(times.size(), names.size());
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      seen.add(names.get(i) + times.get(i));
    }
    return seen;
  }

  /** FFmpeg conceals much, but tells. */
  private static void assertSilent(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
    command.addAll(List.of(arguments));
    assertEquals("", Program.errors(command));
  }

  private List<String> seenByGStreamer(Path file) throws Exception {
    Program.require("gst-launch-1.0");
    Path raw = folder.resolve("gst");
    String size = "width=" + WIDTH_PX + ",height=" + HEIGHT_PX;
    String pipeline =
        ("filesrc location=" + file + " ! qtdemux name=d")
            + " d.video_0 ! queue ! decodebin ! videoconvert ! videoscale"
            + (" ! video/x-raw,format=GRAY8," + size + " ! filesink location=" + raw)
            + " d.audio_0 ! queue ! decodebin ! fakesink";
    List<String> command = new ArrayList<>(List.of("gst-launch-1.0", "-q"));
    command.addAll(List.of(pipeline.split(" ")));
    Program.run(command);
    return framesOf(raw);
  }

  private static List<String> framesOf(Path raw) throws IOException {
    byte[] luma = Files.readAllBytes(raw);
    int bytes = WIDTH_PX * HEIGHT_PX;
    List<String> names = new ArrayList<>();
    for (int at = 0; at + bytes <= luma.length; at += bytes) {
      names.add(
          FrameStamp.read(Arrays.copyOfRange(luma, at, at + bytes), WIDTH_PX, HEIGHT_PX)
              .map(stamp -> stamp.cardId() + ":" + stamp.index())
              .orElse("unreadable"));
    }
    return names;
  }

  private Path grown(EpochRing ring, CutRequest request) throws IOException {
    return Grown.whole(ring.ring(), request, folder.resolve("growing.mp4"));
  }
}
