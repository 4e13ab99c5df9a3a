package dev.halcyon.codecs.render;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropKey;
import dev.halcyon.core.reframe.CropLayout;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureCoding.Preset;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.render.SoundForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** For tests: specs of small renders. */
final class Renders {
  static final String HASH = "0123456789abcdef".repeat(4);
  static final PictureForm WIDE = new PictureForm(320, 180, FrameRate.FPS_30);

  private Renders() {}

  static Path card(Path folder, TestCard card, long lengthUs) {
    Path file = folder.resolve("card" + System.nanoTime() + ".mp4");
    TestCardFile.write(card, lengthUs, file);
    return file;
  }

  static RenderSpec spec(PictureForm form, TimeSpan... parts) {
    return new RenderSpec(
        RenderTools.versions(),
        new RenderSource(HASH, 0, 0, Scan.PROGRESSIVE, OptionalInt.of(1)),
        new RenderTimeline(List.of(parts)),
        form,
        new PictureCoding(Codec.H264, Preset.ULTRAFAST, 18, 30),
        path(CropLayout.PAD, new CropCamera(1, List.of(new CropKey(0, 0.5, 0.5, 1)))),
        Captions.NONE,
        SoundForm.USUAL);
  }

  static CropPath path(CropLayout layout, CropCamera... cameras) {
    return new CropPath(
        Aspect.WIDE,
        List.of(
            new CropShot(new TimeSpan(0, 600_000_000), layout, List.of(cameras), "as tests say")));
  }

  static RenderSpec withSource(RenderSpec spec, RenderSource source) {
    return new RenderSpec(
        spec.tools(),
        source,
        spec.timeline(),
        spec.picture(),
        spec.coding(),
        spec.crop(),
        spec.captions(),
        spec.sound());
  }

  static RenderSpec withCrop(RenderSpec spec, CropPath crop) {
    return new RenderSpec(
        spec.tools(),
        spec.source(),
        spec.timeline(),
        spec.picture(),
        spec.coding(),
        crop,
        spec.captions(),
        spec.sound());
  }

  /** A word a line, each shown for {@code eachUs}, one behind the other. */
  static Captions captions(CaptionStyle style, long eachUs, String... words) {
    List<CaptionLine> lines = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      if (words[i].isEmpty()) {
        continue;
      }
      TimeSpan span = new TimeSpan(i * eachUs, (i + 1) * eachUs);
      lines.add(
          new CaptionLine(
              span, List.of(new CaptionWord(words[i], span, 0, false, Optional.empty()))));
    }
    return new Captions(new CaptionTrack(style, lines), SafeArea.PLAIN);
  }

  static ChunkFolder folder(Path root) throws IOException {
    return new ChunkFolder(root.resolve("chunks"), 1L << 30);
  }

  /** Part of the pixels of the lower third that differ clearly. */
  static double changed(AVFrame a, AVFrame b) {
    int changed = 0;
    int all = 0;
    for (int y = a.height() * 2 / 3; y < a.height(); y++) {
      for (int x = 0; x < a.width(); x++) {
        int left = Planes.of(a, 0).get(y * a.linesize(0) + x) & 0xff;
        int right = Planes.of(b, 0).get(y * b.linesize(0) + x) & 0xff;
        changed += Math.abs(left - right) > 48 ? 1 : 0;
        all++;
      }
    }
    return (double) changed / all;
  }
}
