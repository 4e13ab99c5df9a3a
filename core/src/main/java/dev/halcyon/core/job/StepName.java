package dev.halcyon.core.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The kinds of work that a job consists of, in the order in which they are shown. */
public enum StepName {
  /** The source is here, known by its content, and within the limits. */
  INGEST,
  TRANSCRIBE,
  DIARIZE,
  SCENE_DETECT,
  FACE_TRACK,
  AUDIO_ANALYZE,
  CLIP_SELECT,
  /** One row for each clip. */
  RENDER,
  /** Everything beside the clips: subtitles, projects for editors, the contact sheet. */
  EXPORT;

  /** The steps that one decode of the source feeds, when they run at the same time. */
  public static final Set<StepName> ONE_DECODE =
      Set.copyOf(EnumSet.of(SCENE_DETECT, FACE_TRACK, AUDIO_ANALYZE));

  /** The steps that have to be over before this one can begin. */
  public Set<StepName> needs() {
    return switch (this) {
      case INGEST -> EnumSet.noneOf(StepName.class);
      case TRANSCRIBE, SCENE_DETECT, FACE_TRACK, AUDIO_ANALYZE -> EnumSet.of(INGEST);
      case DIARIZE -> EnumSet.of(INGEST, TRANSCRIBE);
      case CLIP_SELECT ->
          EnumSet.of(INGEST, TRANSCRIBE, DIARIZE, SCENE_DETECT, FACE_TRACK, AUDIO_ANALYZE);
      case RENDER -> EnumSet.of(CLIP_SELECT);
      case EXPORT -> EnumSet.of(CLIP_SELECT, RENDER);
    };
  }

  /** The state that a job is in while this step runs. */
  public JobStatus stage() {
    return switch (this) {
      case INGEST -> JobStatus.INGESTING;
      case TRANSCRIBE, DIARIZE, SCENE_DETECT, FACE_TRACK, AUDIO_ANALYZE, CLIP_SELECT ->
          JobStatus.ANALYZING;
      case RENDER, EXPORT -> JobStatus.RENDERING;
    };
  }

  /** This step's share of a whole job's time, for a progress bar; the shares add up to 100. */
  int share() {
    return switch (this) {
      case INGEST -> 4;
      case TRANSCRIBE, SCENE_DETECT, AUDIO_ANALYZE -> 10;
      case FACE_TRACK -> 12;
      case DIARIZE, EXPORT -> 2;
      case CLIP_SELECT -> 1;
      case RENDER -> 49;
    };
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static StepName ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
