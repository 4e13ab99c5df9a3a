package dev.halcyon.core.render;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A render as a row of chunks. Immutable; any thread.
 *
 * @param chunks in the order in which they are shown, without gaps
 */
public record ChunkPlan(RenderSpec spec, List<RenderChunk> chunks) {
  public ChunkPlan {
    chunks = List.copyOf(chunks);
  }

  public static ChunkPlan of(RenderSpec spec) {
    String all = SpecText.ofPictures(spec);
    int frames = spec.frames();
    int step = spec.coding().keyframeFrames();
    List<RenderChunk> chunks = new ArrayList<>();
    for (int from = 0; from < frames; from += step) {
      int to = Math.min(frames, from + step);
      StringBuilder text = new StringBuilder(all);
      IntStream.range(from, to)
          .forEach(frame -> text.append(SpecText.ofFrame(FramePlan.of(spec, frame), spec)));
      chunks.add(new RenderChunk(from, to, Digest.of(text.toString())));
    }
    return new ChunkPlan(spec, chunks);
  }

  /** One picture of the clip. */
  public FramePlan frame(int frame) {
    return FramePlan.of(spec, frame);
  }
}
