package dev.halcyon.verticles.stream.tap;

import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.SceneScore;

/**
 * Takes what the taps of one stream measure. Called on tap threads, the sound's and the pictures'
 * possibly at once; must return soon. What it throws counts as a failure of the tap.
 */
public interface TapListener {
  /**
   * Ten a second of sound, in order of time.
   *
   * @param arrivalUs wall clock at which the newest sound in it arrived
   */
  void onLevel(AudioLevel level, long arrivalUs);

  /**
   * One a sampled keyframe but the first, in order of time.
   *
   * @param arrivalUs wall clock at which the keyframe arrived
   */
  void onScene(SceneScore score, long arrivalUs);
}
