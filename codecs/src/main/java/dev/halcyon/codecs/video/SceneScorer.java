package dev.halcyon.codecs.video;

import dev.halcyon.core.detect.SceneScore;
import java.util.Optional;

/**
 * How much a picture differs in content from the one before. Three differences are combined:
 *
 * <ul>
 *   <li>layout: 1 − correlation of the block means of luma on a 16 × 9 grid;
 *   <li>tone: distance of the luma histograms, each about its own mean and spread;
 *   <li>colour: mean distance of the blocks' chroma, about each picture's own mean, and of those
 *       means.
 * </ul>
 *
 * Layout and tone do not see a change of brightness or contrast, so a fade scores low; blocks of
 * 1/16 of the width and smooth histograms see little of noise, small motion and coding. Plain Java,
 * one thread.
 */
public final class SceneScorer {
  private PictureFeatures last = PictureFeatures.NONE;

  /** Forgets the last picture: the next has nothing to differ from. */
  public void reset() {
    last = PictureFeatures.NONE;
  }

  /** The difference from the last picture; empty for the first. */
  public Optional<SceneScore> score(SmallPicture picture) {
    PictureFeatures current = PictureFeatures.of(picture);
    PictureFeatures before = last;
    last = current;
    return before == PictureFeatures.NONE
        ? Optional.empty()
        : Optional.of(new SceneScore(picture.ptsUs(), before.difference(current)));
  }
}
