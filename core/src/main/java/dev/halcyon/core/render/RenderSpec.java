package dev.halcyon.core.render;

import dev.halcyon.core.reframe.CropPath;
import java.util.Objects;

/**
 * All that decides the bits of a render. Equal specs give equal pictures and sound, whenever and
 * beside whatever they are rendered. Immutable; any thread.
 *
 * @param tools what renders: their versions, as one text; see {@link #withTools}
 * @param timeline which parts of the source, in order
 * @param crop how they are framed, in media time
 */
public record RenderSpec(
    String tools,
    RenderSource source,
    RenderTimeline timeline,
    PictureForm picture,
    PictureCoding coding,
    CropPath crop,
    Captions captions,
    SoundForm sound) {
  /** A clip of four hours is a mistake, and a bound on what has to be planned. */
  public static final long MAX_LENGTH_US = 4 * 3_600_000_000L;

  public RenderSpec {
    Objects.requireNonNull(tools, "tools");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(picture, "picture");
    Objects.requireNonNull(coding, "coding");
    Objects.requireNonNull(crop, "crop");
    Objects.requireNonNull(captions, "captions");
    Objects.requireNonNull(sound, "sound");
    if (timeline.lengthUs() > MAX_LENGTH_US) {
      throw new IllegalArgumentException("too long [lengthUs=" + timeline.lengthUs() + "]");
    }
  }

  /** The same, rendered by others. */
  public RenderSpec withTools(String other) {
    return new RenderSpec(other, source, timeline, picture, coding, crop, captions, sound);
  }

  /** The same with other captions. */
  public RenderSpec withCaptions(Captions other) {
    return new RenderSpec(tools, source, timeline, picture, coding, crop, other, sound);
  }

  /** Pictures of the clip. */
  public int frames() {
    return picture.frames(timeline.lengthUs());
  }

  /** Length of the clip: of its pictures, which the sound is fitted to. */
  public long lengthUs() {
    return picture.frameRate().usOfTick(frames());
  }

  /** The spec as text: one line a fact, in one order, so that equal specs give equal texts. */
  public String canonicalText() {
    return SpecText.of(this);
  }

  /** SHA-256 of {@link #canonicalText}, in lower-case hex: the spec's name. */
  public String sha256() {
    return Digest.of(canonicalText());
  }

  /** Names what the sound is made of: renders that differ in pictures alone share it. */
  public String soundKey() {
    return Digest.of(SpecText.ofSound(this));
  }
}
