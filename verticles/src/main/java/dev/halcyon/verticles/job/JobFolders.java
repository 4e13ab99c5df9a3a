package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.step.Folders;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where the jobs of this node work: a folder each, laid out as that of {@code halcyon clip}.
 * Blocking; any thread.
 *
 * <pre>
 * {root}/{job}/            one job's, see ClipFolder; clips leave it for the blob store
 * {root}/{job}/source/     a video that was fetched from an address
 * {root}/analysis/         what was found in sources, by their content: see AnalysisCache
 * </pre>
 */
public final class JobFolders {
  private static final String SPEC = ".spec.json.gz";

  private final Path root;

  public JobFolders(Path root) {
    this.root = Objects.requireNonNull(root, "root");
  }

  /**
   * A file that was derived from a source.
   *
   * @param name relative to the job's folder, without the hidden part of it
   */
  public record Artifact(String name, long bytes, Instant writtenAt) {}

  Path root() {
    return root;
  }

  Path of(UUID job) {
    return root.resolve(job.toString());
  }

  /** Where a fetch keeps what it fetches for a job. */
  Path fetched(UUID job) {
    return of(job).resolve("source");
  }

  /** The same by a name that is known before it is there. */
  Path fetchedFile(UUID job) {
    return of(job).resolve(ClipFolder.HIDDEN).resolve("source");
  }

  Path analyses() {
    return root.resolve("analysis");
  }

  /**
   * The words of a job's source.
   *
   * @throws HalcyonException NOT_FOUND when it has none, or has them no more
   */
  public JsonObject transcript(UUID job) {
    Path file = artifacts(job).resolve(ClipArtifacts.TRANSCRIPT);
    if (Files.notExists(file)) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "the job has no transcript");
    }
    return ClipArtifacts.TRANSCRIPT_FORM.read(file);
  }

  /** How long a job's source is, once it was looked at. */
  long sourceLengthUs(UUID job) {
    return new ClipArtifacts(artifacts(job), false).source().probe().durationUs();
  }

  private Path artifacts(UUID job) {
    return of(job).resolve(ClipFolder.HIDDEN).resolve("artifacts");
  }

  /** What was derived from a job's source and is still here, by name. */
  public List<Artifact> artifactsOf(UUID job) {
    List<Artifact> all = new ArrayList<>();
    list(artifacts(job), artifacts(job), all);
    list(of(job), of(job).resolve("edit"), all);
    list(of(job), of(job), all);
    all.removeIf(artifact -> artifact.name().endsWith(SPEC));
    all.sort(Comparator.comparing(Artifact::name));
    return all;
  }

  private static void list(Path base, Path folder, List<Artifact> into) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        into.add(
            new Artifact(
                base.relativize(file).toString(),
                Files.size(file),
                Files.getLastModifiedTime(file).toInstant()));
      }
    } catch (NoSuchFileException gone) {
      // Its time has come meanwhile, or it was never made.
      return;
    } catch (IOException | UncheckedIOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "the job's files cannot be listed", failure);
    }
  }

  /** Deletes all that a job has here. */
  void delete(UUID job) throws IOException {
    Folders.delete(of(job));
  }
}
