package dev.halcyon.bench;

import dev.halcyon.bench.inference.InferenceBench;
import dev.halcyon.bench.ring.RingBench;
import dev.halcyon.bench.vod.VodBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code scripts/halcyon bench NAME}: each benchmark is a subcommand. */
@Command(
    name = "bench",
    description = "Measures Halcyon on this machine, beside a peer or a limit in the same run.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ClipBench.class,
      CutBench.class,
      InferenceBench.class,
      RingBench.class,
      StressBench.class,
      VodBench.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
