package dev.halcyon.verticles.node;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import dev.halcyon.verticles.model.ModelCatalogue;
import dev.halcyon.verticles.model.ModelFetch;
import dev.halcyon.verticles.model.ModelFolder;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings models to this machine and checks them; the one part of Halcyon that fetches any. */
@Command(
    name = "models",
    description = "List, fetch, verify and import the models of conf/models.yaml.",
    mixinStandardHelpOptions = true,
    subcommands = {
      ModelsCommand.ListModels.class,
      ModelsCommand.Fetch.class,
      ModelsCommand.Verify.class,
      ModelsCommand.Import.class
    })
final class ModelsCommand implements Callable<Integer> {
  /** In the data folder. */
  static final String FOLDER = "models";

  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine().usage(System.out);
    return 0;
  }

  /** What all of them need. */
  abstract static class Part implements Callable<Integer> {
    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "Keys that differ from conf/halcyon.yaml; tells the data folder.")
    private Path configFile;

    final ModelCatalogue catalogue = ModelCatalogue.load();

    @Override
    public final Integer call() {
      try {
        Path data = NodeConfig.load(Optional.ofNullable(configFile), System.getenv()).dataDir();
        return work(new ModelFolder(data.resolve(FOLDER))) ? 0 : 1;
      } catch (ConfigException wrong) {
        System.err.println("halcyon: " + wrong.getMessage());
        return Halcyon.EXIT_MISCONFIGURED;
      } catch (HalcyonException failure) {
        System.err.println("halcyon: " + failure.getMessage());
        return 1;
      }
    }

    /** Whether all went well. */
    abstract boolean work(ModelFolder folder);

    final Collection<ModelEntry> chosen(List<String> names) {
      return names.isEmpty()
          ? catalogue.entries().values()
          : names.stream().map(catalogue::entry).toList();
    }
  }

  /** All models and how they stand. */
  @Command(
      name = "list",
      description = "All models: task, licence, size, and whether they are here.",
      mixinStandardHelpOptions = true)
  static final class ListModels extends Part {
    @Override
    boolean work(ModelFolder folder) {
      String form = "%-28s %-22s %-12s %10s  %-9s %s%n";
      System.out.printf(form, "model", "task", "licence", "MiB", "hash", "here");
      for (ModelEntry entry : catalogue.entries().values()) {
        boolean isSized = entry.files().stream().allMatch(file -> file.bytes().isPresent());
        long bytes = entry.files().stream().mapToLong(file -> file.bytes().orElse(0)).sum();
        boolean isPinned =
            entry.files().stream().allMatch(file -> folder.expected(entry, file).isPresent());
        System.out.printf(
            form,
            entry.name(),
            entry.task().wire(),
            entry.licence().spdx(),
            isSized ? String.format("%.1f", bytes / MIB) : "unknown",
            isPinned ? "pinned" : "unpinned",
            folder.holds(entry) ? "yes" : "no");
      }
      return true;
    }
  }

  /** Fetches what is not here. */
  @Command(
      name = "fetch",
      description = "Fetch models; what was interrupted goes on. A wrong hash is refused.",
      mixinStandardHelpOptions = true)
  static final class Fetch extends Part {
    @Parameters(arity = "1..*", paramLabel = "MODEL")
    private List<String> names;

    @Override
    boolean work(ModelFolder folder) {
      ModelFetch fetch = new ModelFetch(folder);
      for (ModelEntry entry : chosen(names)) {
        for (ModelFile file : entry.files()) {
          String name = entry.name() + "/" + file.name();
          if (folder.verify(entry, file) == ModelFolder.State.VERIFIED) {
            System.out.println(name + " is here");
            continue;
          }
          boolean isPinned = folder.expected(entry, file).isPresent();
          String hash = fetch.fetch(entry, file, text -> System.err.print("\r" + name + text));
          System.err.println();
          System.out.println(
              name
                  + (isPinned ? " is the real one: " : " was unpinned, pinned from now on: ")
                  + hash);
        }
      }
      return true;
    }
  }

  /** Reads what is here and compares. */
  @Command(
      name = "verify",
      description = "Read the models that are here and compare their hashes.",
      mixinStandardHelpOptions = true)
  static final class Verify extends Part {
    @Parameters(
        arity = "0..*",
        paramLabel = "MODEL",
        description = "All that are here unless given.")
    private List<String> names = List.of();

    @Override
    boolean work(ModelFolder folder) {
      boolean isGood = true;
      for (ModelEntry entry : chosen(names)) {
        for (ModelFile file : entry.files()) {
          ModelFolder.State state = folder.verify(entry, file);
          if (state != ModelFolder.State.ABSENT || !names.isEmpty()) {
            System.out.println(entry.name() + "/" + file.name() + " " + text(state));
            isGood &= state == ModelFolder.State.VERIFIED;
          }
        }
      }
      return isGood;
    }

    private static String text(ModelFolder.State state) {
      return switch (state) {
        case ABSENT -> "is not here";
        case VERIFIED -> "is the real one";
        case WRONG -> "is NOT the real one: fetch or import it again";
      };
    }
  }

  /** Takes a file from this machine. */
  @Command(
      name = "import",
      description = "Take a model's file from this machine, without a network.",
      mixinStandardHelpOptions = true)
  static final class Import extends Part {
    @Parameters(index = "0", paramLabel = "MODEL")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE")
    private Path source;

    @Option(
        names = "--as",
        paramLabel = "NAME",
        description = "Which of the model's files it is; the first one unless given.")
    private String as;

    @Override
    boolean work(ModelFolder folder) {
      ModelEntry entry = catalogue.entry(name);
      ModelFile file;
      try {
        file = as == null ? entry.files().getFirst() : entry.file(as);
      } catch (NoSuchElementException unknown) {
        throw new CommandLine.ParameterException(new CommandLine(this), unknown.getMessage());
      }
      boolean isPinned = folder.expected(entry, file).isPresent();
      String hash = folder.copyIn(entry, file, source);
      System.out.println(
          name
              + "/"
              + file.name()
              + (isPinned ? " is the real one: " : " was unpinned, pinned from now on: ")
              + hash);
      return true;
    }
  }
}
