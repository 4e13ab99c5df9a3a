package dev.halcyon.core.clip.derive;

import java.util.Locale;

/**
 * A form in which a version of a clip is had beside its own file. It can be made again from that at
 * any time.
 */
public sealed interface DerivedForm {
  /** The clip in another container. */
  enum Container {
    MKV("video/x-matroska"),
    TS("video/mp2t");

    private final String contentType;

    Container(String contentType) {
      this.contentType = contentType;
    }
  }

  /** How a preview moves. */
  enum Animation {
    GIF,
    WEBP
  }

  /** The same pictures and sound in another container. */
  record Remuxed(Container container) implements DerivedForm {}

  /**
   * A short piece without sound.
   *
   * @param fromUs since the clip's start
   */
  record Animated(Animation animation, int widthPx, int fps, long fromUs, long lengthUs)
      implements DerivedForm {}

  /** The poster as WebP. */
  record PosterWebp() implements DerivedForm {}

  /** Small pictures for scrubbing; see {@link StripGrid}. */
  record Strip() implements DerivedForm {}

  /** One word for it, kept in rows. */
  default String kind() {
    return switch (this) {
      case Remuxed remuxed -> remuxed.container().name().toLowerCase(Locale.ROOT);
      case Animated animated -> animated.animation().name().toLowerCase(Locale.ROOT);
      case PosterWebp poster -> "poster_webp";
      case Strip strip -> "strip";
    };
  }

  /** What tells forms of one kind apart, kept in rows; mostly nothing. */
  default String options() {
    return this instanceof Animated animated
        ? animated.widthPx()
            + "px "
            + animated.fps()
            + "fps "
            + animated.fromUs()
            + "+"
            + animated.lengthUs()
        : "";
  }

  /** Of its files. */
  default String extension() {
    return switch (this) {
      case Remuxed remuxed -> kind();
      case Animated animated -> kind();
      case PosterWebp poster -> "webp";
      case Strip strip -> "jpg";
    };
  }

  default String contentType() {
    return switch (this) {
      case Remuxed remuxed -> remuxed.container().contentType;
      case Animated animated -> "image/" + kind();
      case PosterWebp poster -> "image/webp";
      case Strip strip -> "image/jpeg";
    };
  }
}
