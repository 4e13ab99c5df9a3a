package dev.halcyon.verticles.job;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.step.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder that clips are made in, and who owns it: one run at a time. What is for people lies in
 * it; what is for the next run lies in {@code .halcyon} and may be deleted at any time.
 *
 * <pre>
 * index.html           the contact sheet
 * clip-01.mp4 …        a clip; beside it .jpg .srt .vtt .ass .json
 * edit/                projects for editors
 * .halcyon/job.json    how far the run is
 * .halcyon/lock        held while a run works
 * .halcyon/artifacts/  what was found in the source, and what was decided
 * .halcyon/chunks/     rendered parts, by the hash of what went into them
 * .halcyon/work/       what is not finished
 * </pre>
 */
final class ClipFolder implements AutoCloseable {
  static final String HIDDEN = ".halcyon";

  private final Path folder;
  private final FileChannel lock;

  private ClipFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes a folder if need be and takes it until it is closed; what a run before left unfinished is
   * thrown away.
   *
   * @throws HalcyonException EDIT_CONFLICT when another run has it, IO_FAILED when it cannot be
   *     used
   */
  static ClipFolder open(Path folder) {
    Path hidden = folder.resolve(HIDDEN);
    try {
      Files.createDirectories(hidden);
      FileChannel lock =
          FileChannel.open(
              hidden.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!isTaken(lock)) {
        String owner = ownerOf(lock);
        lock.close();
        throw new HalcyonException(
            ErrorCode.EDIT_CONFLICT, "another run works in " + folder + owner);
      }
      write(lock, String.valueOf(ProcessHandle.current().pid()));
      ClipFolder taken = new ClipFolder(folder, lock);
      Folders.delete(taken.work());
      for (Path needed : new Path[] {taken.artifacts(), taken.chunks(), taken.work()}) {
        Files.createDirectories(needed);
      }
      return taken;
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure),
          "the output folder cannot be used: " + failure.getMessage(),
          failure);
    }
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  private static String ownerOf(FileChannel lock) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    lock.read(text, 0);
    String pid = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    return pid.matches("\\d+") ? " (process " + pid + ")" : "";
  }

  private static void write(FileChannel lock, String text) throws IOException {
    lock.truncate(0);
    lock.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
  }

  Path path() {
    return folder;
  }

  /**
   * @param ending with its dot
   */
  Path clip(String clip, String ending) {
    return folder.resolve(clip + ending);
  }

  Path sheet() {
    return folder.resolve("index.html");
  }

  Path edit() {
    return folder.resolve("edit");
  }

  Path state() {
    return folder.resolve(HIDDEN).resolve("job.json");
  }

  Path artifacts() {
    return folder.resolve(HIDDEN).resolve("artifacts");
  }

  Path chunks() {
    return folder.resolve(HIDDEN).resolve("chunks");
  }

  Path work() {
    return folder.resolve(HIDDEN).resolve("work");
  }

  @Override
  public void close() {
    try (lock) {
      Folders.delete(work());
    } catch (IOException left) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "unfinished files stay behind: " + left.getMessage(), left);
    }
  }
}
