package dev.halcyon.codecs.render;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.render.RenderSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Fades each part of a clip in and out, so that no cut clicks. Samples are handed over in order.
 * One thread.
 */
final class SoundFades {
  private final long[] edges;
  private final int fadeSamples;
  private int part;
  private long at;

  SoundFades(RenderSpec spec) {
    List<Long> places = new ArrayList<>(List.of(0L));
    long clipUs = 0;
    for (TimeSpan span : spec.timeline().parts()) {
      clipUs += span.lengthUs();
      places.add(SourceSound.samples(Math.min(clipUs, spec.lengthUs())));
    }
    places.set(places.size() - 1, SourceSound.samples(spec.lengthUs()));
    edges = places.stream().mapToLong(Long::longValue).toArray();
    fadeSamples = (int) SourceSound.samples(spec.sound().fadeUs());
  }

  /** In place. */
  void apply(float[][] planes, int count) {
    for (int i = 0; i < count; i++, at++) {
      while (part + 2 < edges.length && at >= edges[part + 1]) {
        part++;
      }
      long length = edges[part + 1] - edges[part];
      // A part that is shorter than two fades is faded to its middle.
      long fade = Math.min(fadeSamples, length / 2);
      long near = Math.min(at - edges[part], edges[part + 1] - 1 - at);
      if (near < fade) {
        float factor = (float) (0.5 - 0.5 * Math.cos(Math.PI * (near + 0.5) / fade));
        for (float[] plane : planes) {
          plane[i] *= factor;
        }
      }
    }
  }
}
