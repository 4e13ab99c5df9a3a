package dev.halcyon.verticles.node;

import dev.halcyon.verticles.access.ShareKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives share links a new key; a node that runs takes it up within seconds. */
@Command(
    name = "share-keys",
    description = "Sign share links with a new key from now on.",
    mixinStandardHelpOptions = true)
final class ShareKeysCommand implements Callable<Integer> {
  /** In the data folder. */
  static final String FILE = "share-keys";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Keys that differ from conf/halcyon.yaml; tells the data folder.")
  private Path configFile;

  @Option(
      names = "--forget-old",
      description = "Forget the keys before: no link made so far works any more.")
  private boolean isForgetting;

  @Override
  public Integer call() throws IOException {
    Path folder;
    try {
      folder = NodeConfig.load(Optional.ofNullable(configFile), System.getenv()).dataDir();
    } catch (ConfigException wrong) {
      System.err.println("halcyon: " + wrong.getMessage());
      return Halcyon.EXIT_MISCONFIGURED;
    }
    if (Files.notExists(folder)) {
      System.err.println("halcyon: there is no data folder " + folder);
      return Halcyon.EXIT_MISCONFIGURED;
    }
    Path file = folder.resolve(FILE);
    if (isForgetting) {
      ShareKeys.replace(file);
      System.out.println("New key; all links made before are void.");
    } else {
      ShareKeys.rotate(file);
      System.out.println("New key; links made before still work until they expire.");
    }
    return 0;
  }
}
