package dev.halcyon.core.detect;

/**
 * All of one stream's detection, from what the taps measure to highlights. A pure function of the
 * settings and the calls so far: the same measurements run through it again with other settings
 * show what these would have found. One thread.
 */
public final class StreamDetection {
  private final AudioSignals audio = new AudioSignals();
  private final SceneSignals scenes = new SceneSignals();
  private final TagSignals tags = new TagSignals();
  private final HighlightDetector highlights;
  private final Findings findings;
  private DetectionSettings settings;

  /** Is told what was found, during the call that found it. */
  public interface Findings {
    void onSignal(Signal signal);

    void onHighlight(HighlightChange change);
  }

  public StreamDetection(DetectionSettings settings, Findings findings) {
    this.settings = settings;
    this.highlights = new HighlightDetector(settings);
    this.findings = findings;
  }

  /** The baselines stay; switched off, they go on learning. */
  public void reconfigure(DetectionSettings changed) {
    settings = changed;
    highlights.reconfigure(changed);
  }

  public void onLevel(AudioLevel level) {
    highlights.onProgress(level.atUs());
    audio.onLevel(level).ifPresent(this::onSignal);
  }

  public void onScene(SceneScore score) {
    highlights.onProgress(score.atUs());
    scenes.onScore(score).ifPresent(this::onSignal);
  }

  /** Tags come some time after their sound. */
  public void onTags(SoundTags heard) {
    tags.onTags(heard).forEach(this::onSignal);
  }

  /** The media ends here, for now. */
  public void onEnd() {
    audio.onEnd().ifPresent(this::onSignal);
  }

  /** Takes a signal of any other detector. */
  public void onSignal(Signal signal) {
    if (settings.enabled()) {
      findings.onSignal(signal);
      if (signal.kind().isContext()) {
        return;
      }
      highlights.onSignal(signal).ifPresent(findings::onHighlight);
    }
  }
}
