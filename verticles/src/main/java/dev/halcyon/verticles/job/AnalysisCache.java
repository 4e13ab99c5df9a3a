package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepName;
import dev.halcyon.verticles.step.AnalysisJson;
import dev.halcyon.verticles.step.Folders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What was seen and heard in sources, by a digest of their content and of how it was looked for, so
 * that another job over the same bytes need not look again. A workspace finds only its own.
 * Artifacts are written once and then only linked, never changed. Blocking; any thread.
 */
final class AnalysisCache {
  private final Path root;

  AnalysisCache(Path root) {
    this.root = Objects.requireNonNull(root, "root");
  }

  /** The artifacts of a step; those of the first one are always there. */
  private static List<String> filesOf(StepName step) {
    return switch (step) {
      case AUDIO_ANALYZE -> List.of(AnalysisJson.SOUND);
      case SCENE_DETECT -> List.of(AnalysisJson.SCENES, AnalysisJson.FRAMES);
      case FACE_TRACK -> List.of(AnalysisJson.FACES);
      default -> List.of();
    };
  }

  /**
   * Puts what is known into a job's folder.
   *
   * @param inputs the digest of what goes into the step
   * @return whether it is known
   */
  boolean take(UUID workspaceId, StepName step, String inputs, Path artifacts) throws IOException {
    List<String> names = filesOf(step);
    Path kept = place(workspaceId, step, inputs);
    if (names.isEmpty() || Files.notExists(kept.resolve(names.getFirst()))) {
      return false;
    }
    Files.setLastModifiedTime(kept, FileTime.from(Instant.now()));
    for (String name : names) {
      if (Files.exists(kept.resolve(name))) {
        link(kept.resolve(name), artifacts.resolve(name));
      }
    }
    return true;
  }

  /** Keeps what a job has found; what is there already stays. */
  void keep(UUID workspaceId, StepName step, String inputs, Path artifacts) throws IOException {
    Path kept = place(workspaceId, step, inputs);
    if (filesOf(step).isEmpty() || Files.exists(kept)) {
      return;
    }
    Files.createDirectories(kept.getParent());
    Path unfinished = Files.createTempDirectory(kept.getParent(), ".part-");
    for (String name : filesOf(step)) {
      if (Files.exists(artifacts.resolve(name))) {
        link(artifacts.resolve(name), unfinished.resolve(name));
      }
    }
    try {
      Files.move(unfinished, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException taken) {
      Folders.delete(unfinished);
      if (Files.notExists(kept)) {
        throw taken;
      }
    }
  }

  private static void link(Path from, Path to) throws IOException {
    Files.deleteIfExists(to);
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | FileSystemException noLinks) {
      Files.copy(from, to);
    }
  }

  /** Forgets what nobody has used since a time. */
  void dropUnused(Instant since) throws IOException {
    for (Path workspace : foldersIn(root)) {
      for (Path kept : foldersIn(workspace)) {
        if (Files.getLastModifiedTime(kept).toInstant().isBefore(since)) {
          Folders.delete(kept);
        }
      }
    }
  }

  private static List<Path> foldersIn(Path folder) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, Files::isDirectory)) {
      List<Path> found = new ArrayList<>();
      all.forEach(found::add);
      return found;
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  private Path place(UUID workspaceId, StepName step, String inputs) {
    return root.resolve(workspaceId.toString()).resolve(step.wire() + "-" + inputs);
  }
}
