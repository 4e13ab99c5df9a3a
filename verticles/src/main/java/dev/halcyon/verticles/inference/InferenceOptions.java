package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.model.ModelOptions;
import dev.halcyon.core.inference.WorkClass;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How models are run.
 *
 * @param model where and with how many threads a call computes
 * @param threads of each class of work: how many batches it computes at once
 * @param maxWaitNs how long a request waits for others to join it
 * @param live the models that listen to live streams, where they are here
 */
public record InferenceOptions(
    ModelOptions model, Map<WorkClass, Integer> threads, long maxWaitNs, Set<String> live) {
  public InferenceOptions {
    threads = Map.copyOf(new EnumMap<>(threads));
    live = Set.copyOf(live);
    if (threads.size() != WorkClass.values().length) {
      throw new IllegalArgumentException("a class has no threads [threads=" + threads + "]");
    }
  }
}
