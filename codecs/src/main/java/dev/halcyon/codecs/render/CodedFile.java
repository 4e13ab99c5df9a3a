package dev.halcyon.codecs.render;

import dev.halcyon.core.media.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The packets of a chunk, or of a clip's sound, in a file.
 *
 * <pre>
 *   payloads                 one behind the other, in decoding order
 *   table                    a packet: pts (8), size (4), flags (4; 1 = keyframe)
 *   config                   of the codec
 *   footer      0   8  magic "HALCODED"
 *               8   4  version
 *              12   4  packets
 *              16   4  length of the config
 *              20   4  CRC-32C of all that comes before it
 * </pre>
 *
 * Big-endian. Made whole by {@link CodedFileWriter}; whoever reads it knows by the sum that it is.
 * Any thread may read it; closed by who opened it.
 */
final class CodedFile implements AutoCloseable {
  static final long MAGIC = 0x48414c_434f444544L;
  static final int VERSION = 1;
  static final int ENTRY_BYTES = 16;
  static final int FOOTER_BYTES = 24;
  static final int KEYFRAME = 1;

  private static final int BLOCK_BYTES = 1 << 18;

  private final FileChannel in;
  private final ByteBuffer table;
  private final long[] offsets;
  private final Bytes config;

  private CodedFile(FileChannel in, ByteBuffer table, Bytes config) {
    this.in = in;
    this.table = table;
    this.config = config;
    this.offsets = new long[table.limit() / ENTRY_BYTES + 1];
    for (int i = 0; i + 1 < offsets.length; i++) {
      offsets[i + 1] = offsets[i] + sizeBytes(i);
    }
  }

  /**
   * @return empty when the file is not whole: broken off, changed, or of another version
   * @throws java.nio.file.NoSuchFileException when it is not there
   */
  static Optional<CodedFile> open(Path path) throws IOException {
    FileChannel in = FileChannel.open(path);
    try {
      Optional<CodedFile> read = read(in);
      if (read.isEmpty()) {
        in.close();
      }
      return read;
    } catch (IOException | RuntimeException failure) {
      in.close();
      throw failure;
    }
  }

  private static Optional<CodedFile> read(FileChannel in) throws IOException {
    long length = in.size();
    if (length < FOOTER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer footer = bytes(in, length - FOOTER_BYTES, FOOTER_BYTES);
    long packets = footer.getInt(12);
    long configBytes = footer.getInt(16);
    long tableAt = length - FOOTER_BYTES - configBytes - packets * ENTRY_BYTES;
    if (footer.getLong(0) != MAGIC
        || footer.getInt(8) != VERSION
        || Math.min(packets, configBytes) < 0
        || tableAt < 0
        || footer.getInt(20) != sum(in, length - Integer.BYTES)) {
      return Optional.empty();
    }
    ByteBuffer table = bytes(in, tableAt, Math.toIntExact(packets * ENTRY_BYTES));
    ByteBuffer config = bytes(in, tableAt + table.limit(), (int) configBytes);
    CodedFile file = new CodedFile(in, table, Bytes.copyOf(config));
    return file.offsets[file.count()] == tableAt ? Optional.of(file) : Optional.empty();
  }

  private static int sum(FileChannel in, long length) throws IOException {
    CRC32C sum = new CRC32C();
    for (long at = 0; at < length; at += BLOCK_BYTES) {
      sum.update(bytes(in, at, (int) Math.min(BLOCK_BYTES, length - at)));
    }
    return (int) sum.getValue();
  }

  private static ByteBuffer bytes(FileChannel in, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    read(in, at, bytes);
    return bytes.flip();
  }

  private static void read(FileChannel in, long at, ByteBuffer target) throws IOException {
    long from = at;
    while (target.hasRemaining()) {
      int count = in.read(target, from);
      if (count < 0) {
        throw new IOException("a file became shorter while it was read");
      }
      from += count;
    }
  }

  int count() {
    return table.limit() / ENTRY_BYTES;
  }

  Bytes config() {
    return config;
  }

  long pts(int packet) {
    return table.getLong(packet * ENTRY_BYTES);
  }

  int sizeBytes(int packet) {
    return table.getInt(packet * ENTRY_BYTES + 8);
  }

  boolean isKeyframe(int packet) {
    return (table.getInt(packet * ENTRY_BYTES + 12) & KEYFRAME) != 0;
  }

  /** Puts a payload into {@code target}, which has room for exactly that. */
  void payload(int packet, ByteBuffer target) throws IOException {
    int limit = target.limit();
    target.limit(target.position() + sizeBytes(packet));
    read(in, offsets[packet], target);
    target.limit(limit);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
