package dev.halcyon.core.render;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionDrawing;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.caption.WordDrawing;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropKey;
import dev.halcyon.core.reframe.CropRect;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.reframe.CropView;
import java.util.List;

/**
 * Specs and their parts as text: what is hashed. A change here, or of what a line stands for,
 * changes {@link #VERSION}. Texts of people are quoted, so that none can pass for two lines.
 */
final class SpecText {
  static final String VERSION = "halcyon-render 2";

  private final StringBuilder text = new StringBuilder(VERSION).append('\n');

  private SpecText() {}

  static String of(RenderSpec spec) {
    SpecText out = new SpecText();
    out.pictures(spec);
    out.line("parts", spec.timeline().parts().toArray());
    out.line("crop", spec.crop().target().width(), spec.crop().target().height());
    spec.crop().shots().forEach(out::shot);
    out.captions(spec);
    out.sound(spec);
    return out.text.toString();
  }

  /** What holds for every picture of a spec. */
  static String ofPictures(RenderSpec spec) {
    SpecText out = new SpecText();
    out.pictures(spec);
    return out.text.toString();
  }

  static String ofSound(RenderSpec spec) {
    SpecText out = new SpecText();
    out.line("tools", quoted(spec.tools()));
    out.line("source", spec.source().sha256(), spec.source().startUs());
    out.line("parts", spec.timeline().parts().toArray());
    out.line("length", spec.lengthUs());
    out.sound(spec);
    return out.text.toString();
  }

  /** One picture: of which moment, how framed, and what is written over it. */
  static String ofFrame(FramePlan frame, RenderSpec spec) {
    SpecText out = new SpecText();
    out.text.setLength(0);
    out.line("at", frame.mediaUs(), frame.preferred());
    out.view(frame.view());
    frame.stills().forEach(still -> out.line("still", still));
    if (!frame.caption().isNothing()) {
      SafeArea safe = spec.captions().safe();
      out.line("style", spec.captions().track().style().wire());
      out.line("safe", safe.left(), safe.top(), safe.right(), safe.bottom());
      out.drawing(frame.caption());
    }
    return out.text.toString();
  }

  private void pictures(RenderSpec spec) {
    RenderSource source = spec.source();
    line("tools", quoted(spec.tools()));
    line("source", source.sha256(), source.startUs(), source.pictureStream(), source.scan());
    PictureForm picture = spec.picture();
    line(
        "picture",
        picture.widthPx(),
        picture.heightPx(),
        picture.frameRate().numerator(),
        picture.frameRate().denominator());
    PictureCoding coding = spec.coding();
    line("coding", coding.codec(), coding.preset(), coding.crf(), coding.keyframeFrames());
  }

  private void shot(CropShot shot) {
    line("shot", shot.span(), shot.layout());
    for (CropCamera camera : shot.cameras()) {
      line("camera", camera.aspect());
      for (CropKey key : camera.keys()) {
        line("key", key.atUs(), key.centreX(), key.centreY(), key.height());
      }
    }
  }

  private void view(CropView view) {
    line("view", view.layout());
    for (CropRect rect : view.rects()) {
      line("rect", rect.x(), rect.y(), rect.width(), rect.height());
    }
  }

  private void captions(RenderSpec spec) {
    SafeArea safe = spec.captions().safe();
    List<CaptionLine> lines = spec.captions().track().lines();
    if (lines.isEmpty()) {
      return;
    }
    line("captions", spec.captions().track().style().wire());
    line("safe", safe.left(), safe.top(), safe.right(), safe.bottom());
    for (CaptionLine caption : lines) {
      line("caption", caption.span());
      caption.words().forEach(word -> word(word, word.span()));
    }
  }

  private void drawing(CaptionDrawing drawing) {
    List<CaptionWord> words = drawing.line().orElseThrow().words();
    for (int i = 0; i < words.size(); i++) {
      WordDrawing drawn = drawing.words().get(i);
      word(
          words.get(i),
          drawn.letters(),
          drawn.mark(),
          drawn.fill(),
          drawn.scale(),
          drawn.alpha(),
          drawn.offsetEm());
    }
  }

  private void word(CaptionWord word, Object... more) {
    line("word", quoted(word.text()), word.row(), word.isBlankBefore());
    line("emoji", quoted(word.emoji().orElse("")));
    line("drawn", more);
  }

  private void sound(RenderSpec spec) {
    if (spec.source().soundStream().isEmpty()) {
      return;
    }
    SoundForm sound = spec.sound();
    line("sound", spec.source().soundStream().getAsInt());
    line("loudness", sound.targetLufs(), sound.ceilingDbtp());
    line("form", sound.fadeUs(), sound.denoise(), sound.bitrateBps());
  }

  private void line(String name, Object... values) {
    text.append(name);
    for (Object value : values) {
      text.append(' ');
      if (value instanceof TimeSpan span) {
        text.append(span.fromUs()).append('-').append(span.toUs());
      } else {
        text.append(value);
      }
    }
    text.append('\n');
  }

  private static String quoted(String value) {
    return '"'
        + value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
        + '"';
  }
}
