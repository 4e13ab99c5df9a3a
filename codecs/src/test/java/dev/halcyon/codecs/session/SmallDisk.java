package dev.halcyon.codecs.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** For tests: the real disk, which takes so many more bytes and is full then. */
final class SmallDisk implements SessionStore {
  static final String FULL = "No space left on device";

  private final AtomicLong roomBytes;

  SmallDisk(long roomBytes) {
    this.roomBytes = new AtomicLong(roomBytes);
  }

  void room(long bytes) {
    roomBytes.set(bytes);
  }

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Bounded(FileChannel.open(file, options));
  }

  @Override
  public long usableBytes(Path dir) {
    return roomBytes.get();
  }

  private final class Bounded extends FileChannel {
    private final FileChannel disk;

    Bounded(FileChannel disk) {
      this.disk = disk;
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      long room = roomBytes.get();
      if (room == 0 && bytes.hasRemaining()) {
        throw new IOException(FULL);
      }
      int length = (int) Math.min(room, bytes.remaining());
      ByteBuffer fitting = bytes.slice(bytes.position(), length);
      int written = disk.write(fitting, position);
      bytes.position(bytes.position() + written);
      roomBytes.addAndGet(-written);
      return written;
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return disk.read(target, position);
    }

    @Override
    public long size() throws IOException {
      return disk.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      disk.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      disk.force(metaData);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      disk.close();
    }

    @Override
    public int read(ByteBuffer target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean isShared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean isShared) {
      throw new UnsupportedOperationException();
    }
  }
}
