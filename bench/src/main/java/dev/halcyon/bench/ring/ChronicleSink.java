package dev.halcyon.bench.ring;

import dev.halcyon.bench.TemporaryFolder;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue, open source: an excerpt a packet, payload only, without a checksum. Its files
 * only grow: one lasts for the bytes that it was made for.
 */
final class ChronicleSink implements Sink {
  private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final int PAGE_BYTES = 4096;

  /** Excerpt headers and the queue's own index. */
  private static final long SPARE_BYTES = 64L << 20;

  private final Path dir;
  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private final Bytes<ByteBuffer> payload;
  private final int payloadBytes;

  private ChronicleSink(Path dir, ChronicleQueue queue, ByteBuffer payload) {
    this.dir = dir;
    this.payload = Bytes.wrapForRead(payload);
    this.payloadBytes = payload.remaining();
    this.queue = queue;
    this.appender = queue.createAppender();
  }

  /** With its own defaults. */
  static ChronicleSink asItComes(Path dir, ByteBuffer payload) {
    return new ChronicleSink(
        dir, SingleChronicleQueueBuilder.single(dir.toString()).build(), payload);
  }

  /**
   * In one mapping whose pages were all made present and writable beforehand, as its commercial
   * pre-toucher does (the open-source one does nothing).
   */
  static ChronicleSink pretouched(Path dir, long bytes, ByteBuffer payload) {
    long blockBytes = Long.highestOneBit(2 * bytes + SPARE_BYTES - 1) << 1;
    ChronicleSink sink =
        new ChronicleSink(
            dir,
            SingleChronicleQueueBuilder.single(dir.toString()).blockSize(blockBytes).build(),
            payload);
    sink.touch(2 * bytes);
    return sink;
  }

  @SuppressWarnings("restricted") // Chronicle gives addresses
  private void touch(long bytes) {
    try (DocumentContext document = appender.writingDocument()) {
      Bytes<?> out = document.wire().bytes();
      out.writeInt(1);
      long address = out.addressForWrite(out.writePosition()) & -PAGE_BYTES;
      MemorySegment pages = MemorySegment.ofAddress(address).reinterpret(bytes);
      for (long at = PAGE_BYTES; at < bytes; at += PAGE_BYTES) {
        long unused = (long) LONG.getAndAdd(pages, at, 0L);
      }
    }
  }

  @Override
  public void append() {
    payload.readPositionRemaining(0, payloadBytes);
    try (DocumentContext document = appender.writingDocument()) {
      document.wire().bytes().write(payload);
    }
  }

  @Override
  public void close() throws IOException {
    appender.close();
    queue.close();
    new TemporaryFolder(dir).close();
  }
}
