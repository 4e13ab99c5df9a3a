package dev.halcyon.verticles.job;

import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.Platform;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.reframe.ReframeOptions;
import dev.halcyon.core.reframe.ReframeOptions.Fit;
import dev.halcyon.core.reframe.ReframeOptions.Several;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.core.tighten.TightenOptions;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How clips are to be made of a video.
 *
 * @param minUs length of a clip at least
 * @param maxUs length of a clip at most
 * @param aspect {@code 9:16} and the like, or {@code source}
 * @param captions empty for none
 * @param platform whose controls captions keep clear of
 * @param codec of the pictures: H264 or HEVC
 * @param tighten what is taken out of clips that are chosen; empty for nothing
 * @param soundStream which of several sounds, by its index in the file; else the default one
 * @param faceModel a YuNet model in ONNX form; without it faces are found by OpenCV's own cascade
 * @param isCoarse whether the analysis looks at keyframes first, and closer only where they differ
 */
record ClipSettings(
    int maxClips,
    long minUs,
    long maxUs,
    String aspect,
    Optional<CaptionStyle> captions,
    boolean hasEmoji,
    Platform platform,
    ReframeOptions.Fit fit,
    ReframeOptions.Several several,
    Codec codec,
    SoundForm.Denoise denoise,
    Optional<TightenOptions> tighten,
    OptionalInt soundStream,
    Optional<Path> faceModel,
    boolean isCoarse) {
  private static final int MOST_CLIPS = 50;
  private static final long SHORTEST_US = 1_000_000;
  private static final long LONGEST_US = 600_000_000;

  /** As somebody wants one clip of them. */
  ClipSettings with(RenderWish wish) {
    String layout = wish.layout().orElse("");
    return new ClipSettings(
        maxClips,
        minUs,
        maxUs,
        wish.aspectRatio().orElse(aspect),
        wish.captionStyle().map(ClipSettings::captionsOf).orElse(captions),
        wish.emoji().orElse(hasEmoji),
        platform,
        layout.isEmpty() ? fit : layout.equals("pad") ? Fit.PAD : Fit.CROP,
        layout.isEmpty() ? several : layout.equals("split") ? Several.SPLIT : Several.DOMINANT,
        codec,
        wish.denoise().map(ClipSettings::denoiseOf).orElse(denoise),
        tighten,
        soundStream,
        faceModel,
        isCoarse);
  }

  private static Optional<CaptionStyle> captionsOf(String style) {
    return style.equals(RenderWish.NO_CAPTIONS)
        ? Optional.empty()
        : Optional.of(CaptionStyle.ofWire(style));
  }

  private static SoundForm.Denoise denoiseOf(boolean isWanted) {
    return isWanted ? SoundForm.Denoise.SPECTRAL : SoundForm.Denoise.OFF;
  }

  ClipSettings {
    Objects.requireNonNull(captions, "captions");
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(several, "several");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(denoise, "denoise");
    Objects.requireNonNull(tighten, "tighten");
    Objects.requireNonNull(soundStream, "soundStream");
    Objects.requireNonNull(faceModel, "faceModel");
    if (maxClips < 1 || maxClips > MOST_CLIPS) {
      throw new IllegalArgumentException("clips: from 1 to " + MOST_CLIPS);
    }
    if (minUs < SHORTEST_US || maxUs > LONGEST_US || minUs > maxUs) {
      throw new IllegalArgumentException(
          "length of a clip: from "
              + SHORTEST_US / 1_000_000
              + " to "
              + LONGEST_US / 1_000_000
              + " s, the least not above the most");
    }
    if (!aspect.equals("source") && !aspect.matches("[1-9]\\d{0,2}:[1-9]\\d{0,2}")) {
      throw new IllegalArgumentException("aspect: 9:16, 1:1, 16:9 or the like, or source");
    }
  }
}
