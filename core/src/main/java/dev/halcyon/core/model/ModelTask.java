package dev.halcyon.core.model;

import java.util.Locale;

/** What a model is for. */
public enum ModelTask {
  VOICE_ACTIVITY,
  SPEECH_TO_TEXT,
  SPEECH_ENHANCEMENT,
  SPEAKER_SEGMENTATION,
  SPEAKER_EMBEDDING,
  SOUND_TAGGING,
  FACE_DETECTION,
  FACE_EMBEDDING,
  OBJECT_DETECTION,
  TEXT_DETECTION,
  TEXT_RECOGNITION,
  IMAGE_EMBEDDING,
  IMAGE_TEXT_EMBEDDING,
  SENTENCE_EMBEDDING;

  /** As {@code conf/models.yaml} writes it. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException when there is no such task
   */
  public static ModelTask ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
