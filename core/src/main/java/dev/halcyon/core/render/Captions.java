package dev.halcyon.core.render;

import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.SafeArea;
import java.util.List;
import java.util.Objects;

/**
 * The captions that are drawn into a render.
 *
 * @param track in clip time
 * @param safe where they may stand
 */
public record Captions(CaptionTrack track, SafeArea safe) {
  public static final Captions NONE =
      new Captions(new CaptionTrack(CaptionStyle.HIGHLIGHT_WORD, List.of()), SafeArea.PLAIN);

  public Captions {
    Objects.requireNonNull(track, "track");
    Objects.requireNonNull(safe, "safe");
  }
}
