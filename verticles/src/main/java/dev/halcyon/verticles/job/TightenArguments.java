package dev.halcyon.verticles.job;

import dev.halcyon.core.tighten.TightenOptions;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of the command line that say what is taken out of clips. */
final class TightenArguments {
  @Option(
      names = "--tighten",
      description = "Shorten long pauses and take filler words (um, uh) out of the clips.")
  private boolean isAsked;

  @Option(
      names = "--pause-over",
      paramLabel = "MS",
      description = "With --tighten: pauses that last longer (default: ${DEFAULT-VALUE}).")
  private int pauseOverMs = 700;

  @Option(
      names = "--pause-keep",
      paramLabel = "MS",
      description = "With --tighten: what is left of such a pause (default: ${DEFAULT-VALUE}).")
  private int pauseKeepMs = 250;

  @Option(
      names = "--fillers",
      paramLabel = "WORD",
      split = ",",
      description = {
        "With --tighten: the words that are taken out, with commas between them, or none",
        "(default: the usual ones of the transcript's language)."
      })
  private Set<String> fillers;

  /**
   * @throws IllegalArgumentException when they make no sense
   */
  Optional<TightenOptions> options() {
    if (!isAsked && fillers != null) {
      throw new IllegalArgumentException("--fillers goes with --tighten");
    }
    if (!isAsked) {
      return Optional.empty();
    }
    boolean isNone = fillers != null && fillers.equals(Set.of("none"));
    return Optional.of(
        new TightenOptions(
            pauseOverMs * 1000L,
            pauseKeepMs * 1000L,
            isNone ? Optional.of(Set.of()) : Optional.ofNullable(fillers)));
  }
}
