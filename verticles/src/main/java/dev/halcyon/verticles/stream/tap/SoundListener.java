package dev.halcyon.verticles.stream.tap;

import dev.halcyon.codecs.audio.AudioBlock;

/**
 * Listens to one stream's sound. Called on tap threads, one at a time; must return soon. What it
 * throws counts as a failure of the tap.
 */
public interface SoundListener {
  /**
   * @param block the next run of sound, lent for the call
   */
  void onSound(AudioBlock block);

  /** Frees native objects; sound may come again. */
  void free();
}
