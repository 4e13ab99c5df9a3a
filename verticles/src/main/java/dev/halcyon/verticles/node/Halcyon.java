package dev.halcyon.verticles.node;

import dev.halcyon.verticles.job.ClipCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program: {@code run}, {@code demo}, {@code clip}, {@code share-keys}, {@code models}. {@code
 * scripts/halcyon} finds a JDK and calls it.
 */
@Command(
    name = "halcyon",
    description = "Turns live streams and long videos into ready-to-post clips.",
    mixinStandardHelpOptions = true,
    subcommands = {
      RunCommand.class,
      DemoCommand.class,
      ClipCommand.class,
      ModelsCommand.class,
      ShareKeysCommand.class
    })
public final class Halcyon {
  /** The operator has to change something; starting again is no use. */
  static final int EXIT_MISCONFIGURED = 2;

  private Halcyon() {}

  public static void main(String[] arguments) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("vertx.disableDnsResolver", "true");
    System.exit(new CommandLine(new Halcyon(), new Commands()).execute(arguments));
  }

  /** Makes the commands that need parts of the configuration. */
  private static final class Commands implements CommandLine.IFactory {
    private final CommandLine.IFactory others = CommandLine.defaultFactory();

    @Override
    public <K> K create(Class<K> type) throws Exception {
      return type == ClipCommand.class
          ? type.cast(new ClipCommand(FetchConfig::commandLine))
          : others.create(type);
    }
  }
}
