package dev.halcyon.verticles.node;

import dev.halcyon.verticles.ops.Logging;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the server and keeps it until SIGTERM or Ctrl-C, which stop it in order. */
@Command(name = "run", description = "Start the server.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Keys that differ from conf/halcyon.yaml.")
  private Path configFile;

  @Override
  public Integer call() throws Exception {
    Optional<Path> file = Optional.ofNullable(configFile);
    NodeConfig config;
    try {
      config = NodeConfig.load(file, System.getenv());
    } catch (ConfigException wrong) {
      System.err.println("halcyon: " + wrong.getMessage());
      return Halcyon.EXIT_MISCONFIGURED;
    }
    Logging.configure(config.logFormat(), config.logLevel());
    Logger log = LoggerFactory.getLogger(RunCommand.class);
    log.info("configuration {}", NodeConfig.masked(file, System.getenv()));
    config.unknownEnvironment().forEach(name -> log.info("environment name is no key: {}", name));
    HalcyonNode node;
    try {
      node = NodeStart.of(config);
    } catch (ConfigException wrong) {
      log.error("cannot start: {}", wrong.getMessage());
      return Halcyon.EXIT_MISCONFIGURED;
    }
    node.printAddresses(System.out);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(node, stopped)));
    stopped.await();
    return 0;
  }

  private static void stop(HalcyonNode node, CountDownLatch stopped) {
    try {
      node.close();
    } finally {
      stopped.countDown();
    }
  }
}
