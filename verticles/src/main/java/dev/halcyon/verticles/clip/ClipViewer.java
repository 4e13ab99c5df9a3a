package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.ClipBytes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;

/**
 * One reader of a clip that grows, or of a segment of a clip or a stream. Asks for one helping
 * after the other; nothing is read ahead. Closed by whoever opened it; any thread.
 */
public final class ClipViewer implements AutoCloseable {
  private static final int HELPING_BYTES = 64 << 10;

  private final ClipViewers viewers;
  private final Runnable requireKept;
  private final ClipBytes file;
  private boolean isReading;
  private boolean isClosed;

  /**
   * Bytes of the file.
   *
   * @param next what to expect; {@code bytes} are empty unless it is BYTES
   */
  public record Helping(ClipBytes.Next next, Buffer bytes) {}

  /**
   * @param requireKept throws when it is not to be read any more
   */
  ClipViewer(ClipViewers viewers, Runnable requireKept, ClipBytes file) {
    this.viewers = viewers;
    this.requireKept = requireKept;
    this.file = file;
  }

  /**
   * The next bytes. The helping before has come.
   *
   * @return fails with RING_OVERRUN when the reader is so slow that its media is gone,
   *     CLIP_NOT_FOUND when the clip was deleted: what was given is then not the whole file
   */
  public Future<Helping> next() {
    return viewers.call(this::read);
  }

  private Helping read() {
    synchronized (this) {
      if (isClosed) {
        return new Helping(ClipBytes.Next.END, Buffer.buffer());
      }
      isReading = true;
    }
    try {
      requireKept.run();
      ByteBuffer bytes = ByteBuffer.allocate(HELPING_BYTES);
      ClipBytes.Next next = file.read(bytes);
      return new Helping(next, Buffer.buffer().appendBytes(bytes.array(), 0, bytes.position()));
    } finally {
      synchronized (this) {
        isReading = false;
        if (isClosed) {
          closeFile();
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      if (!isReading) {
        closeFile();
      }
    }
  }

  private void closeFile() {
    file.close();
    viewers.onClosed();
  }
}
