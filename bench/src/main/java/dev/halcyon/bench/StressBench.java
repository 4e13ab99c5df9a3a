package dev.halcyon.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the stress tests of {@link dev.halcyon.bench.stress} under jcstress, in a process of its
 * own, which starts one for each compilation mode. Fails when an outcome is seen that none names.
 */
@Command(
    name = "stress",
    description = "Races on the ring under jcstress: publish, wrap, overrun, lease, close.",
    mixinStandardHelpOptions = true)
final class StressBench implements Callable<Integer> {
  /** A fifth of a second for each compilation mode, all of a test's actors in the same one. */
  static final List<String> QUICK =
      List.of("-m", "quick", "-f", "1", "-iters", "1", "-time", "200", "-sc", "false");

  @Option(names = "--quick", description = "One short run of each test.")
  private boolean isQuick;

  @Option(names = "--tough", description = "As long as jcstress itself would: hours.")
  private boolean isTough;

  @Option(
      names = "--test",
      paramLabel = "REGEX",
      description = "Only tests whose name matches (default: ${DEFAULT-VALUE}).")
  private String tests = "dev.halcyon.bench.stress";

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.out.println("machine: " + Machine.here());
    try (TemporaryFolder results = TemporaryFolder.create()) {
      return run(tests, length(), results.path());
    }
  }

  /** As jcstress is told it; without `--quick` some minutes. */
  private List<String> length() {
    if (isQuick) {
      return QUICK;
    }
    return isTough ? List.of("-m", "tough") : List.of("-m", "quick", "-iters", "3");
  }

  /**
   * The exit status of jcstress: 0 when every outcome was an accepted one.
   *
   * @param length how long to run, in jcstress's options
   */
  static int run(String tests, List<String> length, Path results)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(ChildJvm.java(), "-cp", classPath()));
    line.add("--enable-native-access=ALL-UNNAMED");
    line.add("org.openjdk.jcstress.Main");
    line.addAll(List.of("-t", tests, "-v", "-r", results.toString()));
    line.addAll(length);
    line.addAll(
        List.of(
            "--jvmArgs",
            "--enable-native-access=ALL-UNNAMED -Xmx256m -Djava.io.tmpdir=" + results));
    Process running =
        new ProcessBuilder(line).directory(results.toFile()).redirectErrorStream(true).start();
    running.getInputStream().transferTo(System.out);
    return running.waitFor();
  }

  /** Ours and jcstress, from wherever it is looked at: it leaves files in its working folder. */
  private static String classPath() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(ChildJvm.classPathWithPeers())
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
