package dev.halcyon.bench.vod;

import dev.halcyon.bench.FfmpegPeer;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.codecs.render.ChunkFolder;
import dev.halcyon.codecs.render.ClipRenderer;
import dev.halcyon.codecs.render.RenderListener;
import dev.halcyon.codecs.render.RenderResult;
import dev.halcyon.codecs.render.RenderTools;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropKey;
import dev.halcyon.core.reframe.CropLayout;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.render.SoundForm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a render costs beside the bare encode of the same pictures: H.264 1080p30 at 8 Mb/s from the
 * test card becomes an upright clip of 1080 × 1920, with loudness, with and without captions and a
 * moving camera. The peer encodes what comes out of decoding, cropping and scaling, kept raw in a
 * file, with the same settings of x264 and all its threads; and does the whole job itself.
 */
final class RenderPart implements Part {
  private static final String HASH = "0".repeat(64);
  private static final PictureForm FORM = new PictureForm(1080, 1920, FrameRate.FPS_30);
  private static final PictureCoding CODING = PictureCoding.usual(FORM);

  /** Upright from a picture of 16:9, in parts of its width for its height. */
  private static final double ASPECT = 81.0 / 256;

  private static final String SCALE = ",scale=1080:1920:flags=bicubic";
  private static final String CROP = "crop=608:1080:656:0" + SCALE;

  /** Where the camera that moves begins and ends, in parts of the width. */
  private static final double FROM_X = 0.3;

  private static final double TO_X = 0.7;

  @Override
  public String name() {
    return "render";
  }

  @Override
  public Figures measure(Setting setting) throws IOException, InterruptedException {
    // A second of raw pictures takes 95 MB.
    return new Run(setting.dir(), setting.pick(500_000L, 5_000_000L, 30_000_000L)).measure();
  }

  /** Renders the dearest of the clips again and again, until somebody ends the process. */
  static void renderWithoutEnd(Path folder) throws IOException {
    Run run = new Run(folder, 10_000_000);
    Path source = run.makeSource();
    System.out.println("{}");
    while (true) {
      run.render(run.spec(true, run.captions()), source);
    }
  }

  /** One measurement. */
  private record Run(Path folder, long lengthUs) {
    Path makeSource() {
      Path source = folder.resolve("source.mp4");
      TestCardFile.write(
          TestCard.builder().size(1920, 1080).gop(60).bFrames(2).videoBitrate(8_000_000).build(),
          lengthUs + 1_000_000,
          source);
      return source;
    }

    Figures measure() throws IOException, InterruptedException {
      if (!FfmpegPeer.isInstalled()) {
        throw new IOException("there is no ffmpeg on the PATH to measure beside");
      }
      Path source = makeSource();
      Table table = new Table("what", "s", "x real time", "of bare encode");
      JsonArray rows = new JsonArray();
      double bareS = bareEncode(source, CROP);
      double movingS = bareEncode(source, movingCrop());
      row(table, rows, "ffmpeg, bare encode of raw pictures", bareS, bareS);
      row(table, rows, "ffmpeg, the same of a moving camera", movingS, movingS);
      row(table, rows, "ffmpeg, decode, crop, scale, encode", wholeJob(source), bareS);
      render(spec(false, Captions.NONE), source); // the compiler has seen all of it then
      row(table, rows, "render", render(spec(false, Captions.NONE), source), bareS);
      row(table, rows, "render, captions", render(spec(false, captions()), source), bareS);
      row(table, rows, "render, captions, moving", render(spec(true, captions()), source), movingS);
      return new Figures(
          "What does an upright clip of 1080p30 cost, beside its bare encode?", table, rows);
    }

    private void row(Table table, JsonArray rows, String what, double seconds, double bareS) {
      double speed = lengthUs / 1e6 / seconds;
      table.row(what, number(seconds), number(speed), number(seconds / bareS));
      rows.add(
          new JsonObject()
              .put("what", what)
              .put("seconds", seconds)
              .put("times_real_time", speed)
              .put("of_bare_encode", seconds / bareS));
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.2f", value);
    }

    /** An encoder has more to do where everything moves. */
    private String movingCrop() {
      return String.format(
              Locale.ROOT,
              "crop=608:1080:x='1920*(%f+%f*t/%f)-304':y=0",
              FROM_X,
              TO_X - FROM_X,
              lengthUs / 1e6)
          + SCALE;
    }

    private double bareEncode(Path source, String crop) throws IOException, InterruptedException {
      Path raw = folder.resolve("raw.y4m");
      FfmpegPeer.run(
          "-i",
          source.toString(),
          "-t",
          seconds(),
          "-an",
          "-vf",
          crop,
          "-pix_fmt",
          "yuv420p",
          raw.toString());
      long ns = FfmpegPeer.run(encoding(List.of("-i", raw.toString())));
      Files.delete(raw);
      return ns / 1e9;
    }

    private double wholeJob(Path source) throws IOException, InterruptedException {
      return FfmpegPeer.run(
              encoding(List.of("-i", source.toString(), "-t", seconds(), "-vf", CROP)))
          / 1e9;
    }

    private String[] encoding(List<String> input) {
      List<String> line = new ArrayList<>(input);
      line.addAll(
          List.of(
              "-c:v",
              "libx264",
              "-preset",
              CODING.preset().name().toLowerCase(Locale.ROOT),
              "-crf",
              Integer.toString(CODING.crf()),
              "-g",
              Integer.toString(CODING.keyframeFrames()),
              "-profile:v",
              "high",
              "-c:a",
              "aac",
              folder.resolve("peer.mp4").toString()));
      return line.toArray(String[]::new);
    }

    private String seconds() {
      return String.format(Locale.ROOT, "%.6f", lengthUs / 1e6);
    }

    private double render(RenderSpec spec, Path source) throws IOException {
      long startNs = System.nanoTime();
      RenderResult result =
          new ClipRenderer()
              .render(
                  spec,
                  source,
                  folder.resolve("clip.mp4"),
                  new ChunkFolder(folder.resolve("chunks"), 0),
                  RenderListener.NONE);
      long tookNs = System.nanoTime() - startNs;
      if (result.chunksEncoded() != result.chunks()) {
        throw new IllegalStateException("chunks were found, not rendered: the figure is no figure");
      }
      return tookNs / 1e9;
    }

    private RenderSpec spec(boolean isMoving, Captions captions) {
      TimeSpan window = new TimeSpan(0, lengthUs);
      List<CropKey> keys =
          isMoving
              ? List.of(new CropKey(0, FROM_X, 0.5, 1), new CropKey(lengthUs, TO_X, 0.5, 1))
              : List.of(new CropKey(0, 0.5, 0.5, 1));
      return new RenderSpec(
          RenderTools.versions(),
          new RenderSource(HASH, 0, 0, Scan.PROGRESSIVE, OptionalInt.of(1)),
          RenderTimeline.of(window),
          FORM,
          CODING,
          new CropPath(
              Aspect.VERTICAL,
              List.of(
                  new CropShot(
                      window, CropLayout.SINGLE, List.of(new CropCamera(ASPECT, keys)), "bench"))),
          captions,
          SoundForm.USUAL);
    }

    /** Three words a second, five at a time. */
    private Captions captions() {
      List<CaptionLine> lines = new ArrayList<>();
      long wordUs = 333_333;
      for (long us = 0; us + 5 * wordUs <= lengthUs; us += 5 * wordUs) {
        List<CaptionWord> words = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
          TimeSpan span = new TimeSpan(us + i * wordUs, us + (i + 1) * wordUs);
          words.add(
              new CaptionWord("caption", span, i < 3 ? 0 : 1, i != 0 && i != 3, Optional.empty()));
        }
        lines.add(new CaptionLine(new TimeSpan(us, us + 5 * wordUs), words));
      }
      return new Captions(new CaptionTrack(CaptionStyle.POP_IN, lines), SafeArea.EVERYWHERE);
    }
  }
}
