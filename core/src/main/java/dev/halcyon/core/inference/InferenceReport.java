package dev.halcyon.core.inference;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How this node's models stand, and what of its time is left.
 *
 * @param runtime name and version; why there is none where it does not load
 * @param device {@code cpu} or {@code cuda:N}
 * @param nativeBytes weights and input buffers of all open models
 * @param workspaceComputeNs what the asking workspace's requests took since the start
 */
public record InferenceReport(
    String runtime,
    String device,
    long nativeBytes,
    List<ClassState> classes,
    List<ModelState> models,
    long workspaceComputeNs) {
  public InferenceReport {
    classes = List.copyOf(classes);
    models = List.copyOf(models);
  }

  /** Asks for a report. */
  public record Query(UUID workspaceId) {}

  /**
   * @param busy how much of the threads is in use, 0 to {@code threads}
   */
  public record ClassState(WorkClass workClass, int threads, double busy) {}

  /**
   * @param reason why it is off; empty when it is not
   * @param admission what would become of a request now
   * @param cost of a batch; empty before the first
   * @param capacity for more live streams; empty before the first batch
   */
  public record ModelState(
      String name,
      WorkClass workClass,
      Optional<String> reason,
      int depth,
      int maxBatch,
      Admission admission,
      long batches,
      long answered,
      long dropped,
      Optional<ComputeMeter.Cost> cost,
      Optional<Capacity> capacity) {
    public boolean isUp() {
      return reason.isEmpty();
    }
  }
}
