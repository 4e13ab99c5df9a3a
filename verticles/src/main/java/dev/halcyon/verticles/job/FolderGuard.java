package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Keeps a run from writing over files that are not its own: the source itself, when it lies in the
 * output folder under the name of a clip, and what somebody else has there. Blocking; any thread.
 */
final class FolderGuard {
  private static final Pattern WRITTEN =
      Pattern.compile("index\\.html|clip-\\d\\d\\.(?:mp4|jpg|srt|vtt|ass|json)");
  private static final Pattern WRITTEN_FOR_EDITORS =
      Pattern.compile("clips\\.(?:fcpxml|xml|edl|otio)");

  /** Where a sheet says who made it. */
  private static final int HEAD_BYTES = 2 << 10;

  private FolderGuard() {}

  /**
   * @param folder maybe not there yet
   * @param inputs of the run: files that are there
   * @throws HalcyonException BAD_REQUEST with a sentence for people
   */
  static void require(Path folder, Collection<Path> inputs) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try {
      Path real = folder.toRealPath();
      for (Path input : inputs) {
        requireApart(folder, real, input.toRealPath());
      }
      if (!isOfARun(folder)) {
        requireNothing(folder, WRITTEN);
        requireNothing(folder.resolve("edit"), WRITTEN_FOR_EDITORS);
      }
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED,
          "the output folder cannot be used: " + failure.getMessage(),
          failure);
    }
  }

  private static void requireApart(Path folder, Path real, Path input) {
    boolean isWritten =
        real.equals(input.getParent()) && WRITTEN.matcher(input.getFileName().toString()).matches();
    if (isWritten || input.startsWith(real.resolve(ClipFolder.HIDDEN))) {
      throw refused(input.getFileName() + " lies where clips go and would be written over", folder);
    }
  }

  /** Whether a run worked there before: its state may have been deleted, its sheet tells too. */
  private static boolean isOfARun(Path folder) throws IOException {
    if (Files.exists(folder.resolve(ClipFolder.HIDDEN).resolve("job.json"))) {
      return true;
    }
    Path sheet = folder.resolve("index.html");
    if (!Files.isRegularFile(sheet)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(sheet)) {
      String head = new String(in.readNBytes(HEAD_BYTES), StandardCharsets.UTF_8);
      return head.contains(ContactSheet.MAKER);
    }
  }

  private static void requireNothing(Path folder, Pattern names) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (names.matcher(file.getFileName().toString()).matches()) {
          throw refused(
              file.getFileName() + " is there already, of something else, and would be replaced",
              folder);
        }
      }
    }
  }

  private static HalcyonException refused(String why, Path folder) {
    return new HalcyonException(
        ErrorCode.BAD_REQUEST, why + " [folder=" + folder + "]: give another --out");
  }
}
