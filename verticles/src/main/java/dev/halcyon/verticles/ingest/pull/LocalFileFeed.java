package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.ByteFeed;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file of the folder that may be pulled from. One thread; closed by who opened it. */
final class LocalFileFeed implements ByteFeed, AutoCloseable {
  private final FileChannel channel;
  private final long lengthBytes;

  private LocalFileFeed(FileChannel channel) throws IOException {
    this.channel = channel;
    this.lengthBytes = channel.size();
  }

  /**
   * @param uri {@code file:///NAME} below the folder, or with the folder's whole path
   * @throws HalcyonException SOURCE_REFUSED outside the folder, NOT_FOUND
   */
  static LocalFileFeed open(URI uri, Optional<Path> folder) throws IOException {
    if (folder.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.SOURCE_REFUSED,
          "files are pulled only from ingest.pull.folder, which is not set");
    }
    Path file = place(uri, folder.get());
    if (!Files.isRegularFile(file)) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "there is no such file in the folder");
    }
    // Links are followed before it is looked where the file lies.
    Path real = file.toRealPath();
    if (!real.startsWith(folder.get().toRealPath())) {
      throw new HalcyonException(ErrorCode.SOURCE_REFUSED, "the file lies outside the folder");
    }
    return new LocalFileFeed(FileChannel.open(real, StandardOpenOption.READ));
  }

  private static Path place(URI uri, Path folder) {
    String named = uri.getPath() == null ? uri.getSchemeSpecificPart() : uri.getPath();
    try {
      Path path = Path.of(named);
      return path.startsWith(folder) ? path : folder.resolve(named.replaceFirst("^/+", ""));
    } catch (InvalidPathException malformed) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "this names no file", malformed);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    return channel.read(ByteBuffer.wrap(into, offset, length));
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }

  @Override
  public void seek(long position) throws IOException {
    channel.position(position);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "a file that was read", failure);
    }
  }
}
