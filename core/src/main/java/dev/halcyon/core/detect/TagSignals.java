package dev.halcyon.core.detect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns one stream's sound tags into signals. A sound begins where its score reaches the tag's
 * upper bound and ends once it has been under the lower one twice in a row; its signal is raised
 * where it begins, and again where the score later grows by {@value #GROWTH}. A pure function of
 * the tags handed in so far; one thread.
 */
public final class TagSignals {
  private static final double GROWTH = 0.2;
  private static final int END_VALUES = 2;

  /** More than lies between two stretches of one programme. */
  private static final long DISCONTINUITY_US = 3_000_000;

  /** The score that was raised, of the sounds that are heard. */
  private final Map<SoundTag, Double> raised = new EnumMap<>(SoundTag.class);

  /** How often in a row a sound was under its lower bound. */
  private final Map<SoundTag, Integer> quiet = new EnumMap<>(SoundTag.class);

  private long lastUs;

  /** Takes the next stretch; those of one stream come in order of time. */
  public List<Signal> onTags(SoundTags tags) {
    if (Math.abs(tags.fromUs() - lastUs) > DISCONTINUITY_US) {
      raised.clear();
    }
    lastUs = tags.fromUs();
    List<Signal> signals = new ArrayList<>();
    for (SoundTag tag : SoundTag.values()) {
      double score = tags.scores().get(tag);
      if (isRaised(tag, score)) {
        signals.add(signal(tag, tags, score));
      }
    }
    return signals;
  }

  private boolean isRaised(SoundTag tag, double score) {
    quiet.put(tag, score < tag.off() ? quiet.getOrDefault(tag, 0) + 1 : 0);
    if (quiet.get(tag) >= END_VALUES) {
      raised.remove(tag);
    }
    boolean isHeard = raised.containsKey(tag);
    boolean isNew = isHeard ? score >= raised.get(tag) + GROWTH : score >= tag.on();
    // What only tells of the programme begins once, however sure the tagger becomes.
    boolean isSignal = isNew && !(isHeard && tag.kind().isContext());
    if (isSignal) {
      raised.put(tag, score);
    }
    return isSignal;
  }

  private static Signal signal(SoundTag tag, SoundTags tags, double score) {
    long middleUs = Math.max(0, (tags.fromUs() + tags.toUs()) / 2);
    return new Signal(
        tag.kind(), middleUs, score, String.format(Locale.ROOT, "%.0f %% sure", 100 * score));
  }
}
