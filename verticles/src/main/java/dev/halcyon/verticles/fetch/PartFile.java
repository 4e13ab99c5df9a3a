package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file that is on its way, and beside it what it is a part of: the next run goes on where this
 * one was ended, when the server still has the same. One at a time. Blocking; one thread.
 */
final class PartFile implements Closeable {
  private static final int MAX_TAG_BYTES = 4_096;

  private final Path file;
  private final Path tagFile;
  private final FileChannel channel;

  private PartFile(Path file, FileChannel channel) {
    this.file = file;
    this.tagFile = tagOf(file);
    this.channel = channel;
  }

  private static Path tagOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".tag");
  }

  /**
   * @throws HalcyonException EDIT_CONFLICT when another process fetches it
   */
  static PartFile open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new PartFile(file, channel);
      }
    } catch (OverlappingFileLockException ours) {
      channel.close();
      throw taken(file);
    }
    channel.close();
    throw taken(file);
  }

  private static HalcyonException taken(Path file) {
    return new HalcyonException(
        ErrorCode.EDIT_CONFLICT, "another run fetches into " + file.getParent());
  }

  long bytes() throws IOException {
    return channel.size();
  }

  /** What the present bytes are a part of; empty when that cannot be told. */
  Optional<String> tag(String source) throws IOException {
    if (bytes() == 0 || !Files.exists(tagFile) || Files.size(tagFile) > MAX_TAG_BYTES) {
      return Optional.empty();
    }
    String[] lines = Files.readString(tagFile).split("\n", 2);
    return lines.length == 2 && lines[0].equals(source) ? Optional.of(lines[1]) : Optional.empty();
  }

  /** Begins anew, of something that may have a tag. */
  void begin(String source, Optional<String> tag) throws IOException {
    Files.deleteIfExists(tagFile);
    channel.truncate(0);
    if (tag.isPresent()) {
      Files.writeString(tagFile, source + "\n" + tag.get(), StandardCharsets.UTF_8);
    }
  }

  void append(byte[] bytes, int length) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
    long atByte = channel.size();
    while (left.hasRemaining()) {
      atByte += channel.write(left, atByte);
    }
  }

  /** Gives the whole file its name. */
  void finish(Path place) throws IOException {
    channel.force(true);
    Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(tagFile);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
