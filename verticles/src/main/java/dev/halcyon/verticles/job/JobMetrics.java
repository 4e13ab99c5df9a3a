package dev.halcyon.verticles.job;

import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What a node measures of its jobs. Any thread. */
public final class JobMetrics {
  /** From a probe to the analysis of four hours. */
  private static final int[] BOUNDS_S = {1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400};

  private final Map<StepName, Timer> steps = new EnumMap<>(StepName.class);
  private final Map<JobStatus, Counter> jobs = new EnumMap<>(JobStatus.class);
  private final Timer renders;

  public JobMetrics(MeterRegistry registry) {
    for (StepName step : StepName.values()) {
      steps.put(
          step,
          Timer.builder("step.duration")
              .description("Working time of steps that were completed")
              .tag("step", step.wire())
              .serviceLevelObjectives(bounds())
              .register(registry));
    }
    for (JobStatus status : JobStatus.values()) {
      if (status.isEnd()) {
        jobs.put(
            status,
            Counter.builder("jobs")
                .description("Jobs that came to an end")
                .tag("mode", "vod")
                .tag("status", status.wire())
                .register(registry));
      }
    }
    renders =
        Timer.builder("render.duration")
            .description("From the start of a clip's rendering to its file")
            .serviceLevelObjectives(bounds())
            .register(registry);
  }

  private static Duration[] bounds() {
    return IntStream.of(BOUNDS_S).mapToObj(Duration::ofSeconds).toArray(Duration[]::new);
  }

  void stepTook(StepName step, Duration took) {
    steps.get(step).record(took);
    if (step == StepName.RENDER) {
      renders.record(took);
    }
  }

  /**
   * @param status one that is an end
   */
  void ended(JobStatus status) {
    jobs.get(status).increment();
  }
}
