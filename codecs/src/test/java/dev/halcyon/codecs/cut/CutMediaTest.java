package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutPlanner;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.cut.TrackPackets;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real coded media, cut by us and decoded by the machine's ffmpeg: bit for bit the source. */
class CutMediaTest {
  private static final HeldSpan ALL = new HeldSpan(Long.MIN_VALUE, Long.MAX_VALUE);

  @TempDir Path folder;

  private CutContract cut(SourceMedia media, long fromUs, long toUs, Path target)
      throws IOException {
    CutRequest request = new CutRequest(fromUs, toUs, CutRequest.Outside.CLAMP);
    CutPlan plan = CutPlanner.plan(request, ALL, media.tracks());
    try (FileChannel out =
        FileChannel.open(
            target,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      String digest =
          CutFile.of(plan)
              .write(
                  out,
                  (track, sample, buffer) ->
                      buffer.put(
                          media
                              .payloads()
                              .get(
                                  Math.toIntExact(
                                      plan.tracks()
                                          .get(track)
                                          .samples()
                                          .get(sample)
                                          .packet()
                                          .position()))));
      return plan.written(digest);
    }
  }

  private void assertPresentsExactly(Path source, int windows, long seed) throws Exception {
    SourceMedia media = SourceMedia.of(source);
    List<Decoded.Frame> all = Decoded.frames(source);
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      long fromUs = random.nextLong(3_500_000);
      long toUs = fromUs + 100_000 + random.nextLong(2_000_000);
      String name = source.getFileName() + " [" + fromUs + ", " + toUs + ") seed " + seed;
      Path target = folder.resolve("cut.mp4");
      CutContract contract = cut(media, fromUs, toUs, target);
      List<Decoded.Frame> wanted =
          all.stream()
              .filter(frame -> frame.ptsUs() >= fromUs && frame.ptsUs() < toUs)
              .map(
                  frame ->
                      new Decoded.Frame(frame.ptsUs() - contract.deliveredStartUs(), frame.md5()))
              .toList();
      assertEquals(wanted, Decoded.frames(target), name);
      assertEquals(
          wanted.size() * 40_000L, contract.deliveredEndUs() - contract.deliveredStartUs(), name);
    }
  }

  @Test
  void presentsEveryPictureOfAClosedGopWithReorderedPictures() throws Exception {
    Path source =
        Decoded.source(
            folder,
            "closed.mp4",
            "-c:v",
            "libx264",
            "-bf",
            "3",
            "-g",
            "40",
            "-x264-params",
            "b-pyramid=normal:scenecut=0",
            "-c:a",
            "aac");
    assertPresentsExactly(source, 12, 1);
  }

  @Test
  void presentsEveryPictureOfAnOpenGop() throws Exception {
    Path source =
        Decoded.source(
            folder,
            "open.mp4",
            "-c:v",
            "libx264",
            "-bf",
            "3",
            "-g",
            "25",
            "-x264-params",
            "open-gop=1:b-pyramid=normal:scenecut=0",
            "-c:a",
            "aac");
    SourceMedia media = SourceMedia.of(source);
    assertTrue(hasLeadingPictures(media.tracks().getFirst()), "the source has open GOPs");
    assertPresentsExactly(source, 12, 2);
  }

  /** Players that give up at the first error, as Chromium does, find none in front of the start. */
  private void assertDecodesStrictly(SourceMedia media, long seed) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < 6; i++) {
      long fromUs = 1_000_000 + random.nextLong(2_500_000);
      Path target = folder.resolve("cut.mp4");
      cut(media, fromUs, fromUs + 500_000, target);
      Program.ffmpeg(
          "-err_detect",
          "explode",
          "-xerror",
          "-i",
          target.toString(),
          "-map",
          "0:v",
          "-f",
          "null",
          "-");
    }
  }

  /**
   * ffmpeg 5.1 honours an edit's start to the sample but plays its last packet whole: what comes
   * before must be the source's samples, and no packet more.
   */
  private void assertHearsExactly(Path source, int windows, long seed, int packetSamples)
      throws Exception {
    SourceMedia media = SourceMedia.of(source);
    float[] all = Decoded.sound(source);
    Random random = new Random(seed);
    for (int i = 0; i < windows; i++) {
      long fromUs = 100_000 + random.nextLong(3_000_000);
      long toUs = fromUs + 300_000 + random.nextLong(1_000_000);
      Path target = folder.resolve("cut.mp4");
      CutContract contract = cut(media, fromUs, toUs, target);
      float[] heard = Decoded.sound(target);
      int first = Math.toIntExact(Math.round(contract.deliveredStartUs() * 0.048));
      int wanted = Math.toIntExact(Math.round(contract.deliveredEndUs() * 0.048)) - first;
      String name = source.getFileName() + " [" + fromUs + ", " + toUs + ") seed " + seed;
      int extra = heard.length / 2 - wanted;
      assertTrue(extra >= 0 && extra < packetSamples, name + ": " + extra + " samples more");
      double error = meanSquare(all, first, heard, wanted);
      assertTrue(error < meanSquare(all, first - 1, heard, wanted), name + ": not early");
      assertTrue(error < meanSquare(all, first + 1, heard, wanted), name + ": not late");
      assertTrue(error < 1e-4, name + ": differs by " + error);
    }
  }

  private static double meanSquare(float[] all, int firstSample, float[] heard, int samples) {
    double sum = 0;
    for (int i = 0; i < 2 * samples; i++) {
      double difference = all[2 * firstSample + i] - heard[i];
      sum += difference * difference;
    }
    return sum / (2 * samples);
  }

  @Test
  void trimsAacToTheSample() throws Exception {
    assertHearsExactly(
        Decoded.source(folder, "aac.mp4", "-c:v", "libx264", "-c:a", "aac", "-b:a", "192k"),
        6,
        3,
        1_024);
  }

  @Test
  void trimsOpusToTheSample() throws Exception {
    assertHearsExactly(
        Decoded.source(folder, "opus.mp4", "-c:v", "libx264", "-c:a", "libopus"), 6, 4, 960);
  }

  @Test
  void trimsMp3ToTheSample() throws Exception {
    // So few bits that frames begin far before their headers.
    assertHearsExactly(
        Decoded.source(folder, "mp3.mp4", "-c:v", "libx264", "-c:a", "libmp3lame", "-b:a", "64k"),
        6,
        7,
        1_152);
  }

  @Test
  void trimsAc3ToTheSample() throws Exception {
    assertHearsExactly(
        Decoded.source(folder, "ac3.mp4", "-c:v", "libx264", "-c:a", "ac3"), 4, 8, 1_536);
  }

  @Test
  void trimsFlacToTheSample() throws Exception {
    assertHearsExactly(
        Decoded.source(
            folder, "flac.mp4", "-c:v", "libx264", "-c:a", "flac", "-strict", "experimental"),
        4,
        9,
        4_608);
  }

  @Test
  void presentsEveryPictureOfHevcWithLeadingPictures() throws Exception {
    Path source =
        Decoded.source(
            folder,
            "hevc.mp4",
            "-c:v",
            "libx265",
            "-tag:v",
            "hvc1",
            "-x265-params",
            "log-level=none:keyint=25:open-gop=1:bframes=3",
            "-c:a",
            "aac");
    SourceMedia media = SourceMedia.of(source);
    assertTrue(hasLeadingPictures(media.tracks().getFirst()), "open GOPs");
    assertPresentsExactly(source, 6, 5);
    assertDecodesStrictly(media, 5);
  }

  @Test
  void presentsEveryPictureOfVp9() throws Exception {
    Path source =
        Decoded.source(
            folder,
            "vp9.mp4",
            "-c:v",
            "libvpx-vp9",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-g",
            "30",
            "-c:a",
            "libopus");
    assertPresentsExactly(source, 4, 6);
  }

  @Test
  void keepsShapeAndColourOfPictures() throws Exception {
    Program.require("ffprobe");
    Path source =
        Decoded.source(
            folder,
            "shape.mp4",
            "-c:v",
            "libx264",
            "-vf",
            "setsar=16/11",
            "-x264-params",
            "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=on",
            "-an");
    SourceMedia media = SourceMedia.of(source);
    Path target = folder.resolve("cut.mp4");
    cut(media, 1_000_000, 2_000_000, target);
    String head = new String(Files.readAllBytes(target), StandardCharsets.ISO_8859_1);
    assertTrue(head.contains("colrnclx\0\1\0\1\0\1\u0080"), "colr");
    assertTrue(head.contains("pasp\0\0\0\20\0\0\0\13"), "pasp");
    String probed =
        Program.text(
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "stream=sample_aspect_ratio,color_range,color_space",
            "-of",
            "csv=p=0",
            target.toString());
    assertEquals("16:11,pc,bt709", probed.trim());
  }

  private static boolean hasLeadingPictures(TrackPackets video) {
    long keyUs = Long.MIN_VALUE;
    for (var packet : video.packets()) {
      keyUs = packet.isKeyframe() ? packet.ptsUs() : keyUs;
      if (packet.ptsUs() < keyUs) {
        return true;
      }
    }
    return false;
  }
}
