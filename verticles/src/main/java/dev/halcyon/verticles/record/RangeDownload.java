package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.SessionExport;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A range of a recording on its way to one client. Its files stay on the disk until it is closed,
 * by whoever opened it; any thread may do that, also while something is read.
 */
public final class RangeDownload implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RangeDownload.class);

  private final RecordingDesk desk;
  private final SessionExport export;
  private boolean isReading;
  private boolean isClosed;

  RangeDownload(RecordingDesk desk, SessionExport export) {
    this.desk = desk;
    this.export = export;
  }

  public long sizeBytes() {
    return export.sizeBytes();
  }

  /** Strong, in quotes: names the bytes. */
  public String etag() {
    return '"' + export.id().toString() + '"';
  }

  /** When the newest media in it had arrived. */
  public Instant modified() {
    return Instant.EPOCH.plus(export.arrivedUs(), ChronoUnit.MICROS);
  }

  /** Stream time of the first picture presented. */
  public long startUs() {
    return export.startUs();
  }

  /** Stream time at which what is presented ends. */
  public long endUs() {
    return export.endUs();
  }

  /**
   * Bytes of the file, as many as asked for or up to its end. One read at a time.
   *
   * @return empty once the download is closed
   */
  public Future<Buffer> read(long position, int length) {
    return desk.call(() -> readNow(position, length));
  }

  private Buffer readNow(long position, int length) throws IOException {
    synchronized (this) {
      if (isClosed) {
        return Buffer.buffer();
      }
      isReading = true;
    }
    try {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      export.read(position, bytes);
      return Buffer.buffer().appendBytes(bytes.array(), 0, bytes.position());
    } finally {
      synchronized (this) {
        isReading = false;
        if (isClosed) {
          closeExport();
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
        closeExport();
      }
    }
  }

  private void closeExport() {
    try {
      export.close();
    } catch (IOException failure) {
      log.warn("a recorded file was not closed in order", failure);
    } finally {
      desk.onClosed();
    }
  }
}
