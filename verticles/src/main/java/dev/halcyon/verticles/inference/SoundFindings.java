package dev.halcyon.verticles.inference;

import dev.halcyon.core.detect.SoundTags;
import dev.halcyon.core.speech.SpeechWindow;

/** Takes what models hear in one stream, on their threads, possibly at once; must return soon. */
public interface SoundFindings {
  /** In order of time. */
  void onTags(SoundTags tags);

  /** Partial windows as they grow, then the final one; in order of time. */
  void onSpeech(SpeechWindow window);
}
