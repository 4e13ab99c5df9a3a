package dev.halcyon.codecs.render;

import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Writes a {@link CodedFile} beside its place and moves it there when it is whole: whoever finds it
 * finds all of it, also after a crash. One thread; closed by who made it.
 */
final class CodedFileWriter implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  private final Path partial;
  private final Path target;
  private final FileChannel out;
  private final CRC32C sum = new CRC32C();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private ByteBuffer table = ByteBuffer.allocate(64 * CodedFile.ENTRY_BYTES);

  /**
   * @param partial must not exist; gone when this is closed
   */
  CodedFileWriter(Path partial, Path target) throws IOException {
    this.partial = partial;
    this.target = target;
    out = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  void add(long pts, boolean isKeyframe, Bytes payload) throws IOException {
    if (!table.hasRemaining()) {
      table = ByteBuffer.allocate(2 * table.capacity()).put(table.flip());
    }
    table.putLong(pts).putInt(payload.length()).putInt(isKeyframe ? CodedFile.KEYFRAME : 0);
    write(payload.asBuffer());
  }

  /** Writes the rest and moves the file to its place, over one that may be there. */
  void commit(Bytes config) throws IOException {
    int packets = table.position() / CodedFile.ENTRY_BYTES;
    write(table.flip());
    write(config.asBuffer());
    ByteBuffer footer = ByteBuffer.allocate(CodedFile.FOOTER_BYTES);
    footer.putLong(CodedFile.MAGIC).putInt(CodedFile.VERSION).putInt(packets);
    footer.putInt(config.length());
    write(footer.duplicate().flip());
    flush();
    write(ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).flip());
    flush();
    out.close();
    Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int count = Math.min(bytes.remaining(), buffer.remaining());
      buffer.put(bytes.slice(bytes.position(), count));
      bytes.position(bytes.position() + count);
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    sum.update(buffer.duplicate());
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(partial);
  }
}
