package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_ERROR;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_INFO;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * FFmpeg's own log, at a bounded rate, in ours: never on stderr. FFmpeg calls it on whichever
 * thread it works.
 */
final class AvLog extends LogCallback {
  /** Kept for ever: FFmpeg holds its address. */
  private static final AvLog INSTANCE = new AvLog();

  private static final AtomicBoolean INSTALLED = new AtomicBoolean();
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);

  /** Lines a window; a hostile stream can cause thousands. */
  private static final int LINES_PER_WINDOW = 10;

  private static final Logger log = LoggerFactory.getLogger("dev.halcyon.ffmpeg");

  private final AtomicLong windowStartNs = new AtomicLong(System.nanoTime());
  private final AtomicLong linesInWindow = new AtomicLong();

  private AvLog() {}

  static void install() {
    if (INSTALLED.compareAndSet(false, true)) {
      av_log_set_level(log.isDebugEnabled() ? AV_LOG_INFO : AV_LOG_ERROR);
      setLogCallback(INSTANCE);
    }
  }

  @Override
  public void call(int level, BytePointer text) {
    long nowNs = System.nanoTime();
    long startNs = windowStartNs.get();
    if (nowNs - startNs > WINDOW_NS && windowStartNs.compareAndSet(startNs, nowNs)) {
      long suppressed = linesInWindow.getAndSet(0) - LINES_PER_WINDOW;
      if (suppressed > 0) {
        log.warn("ffmpeg: {} more lines suppressed", suppressed);
      }
    }
    if (linesInWindow.incrementAndGet() > LINES_PER_WINDOW) {
      return;
    }
    String line = text.getString().strip();
    if (level <= AV_LOG_ERROR) {
      log.warn("ffmpeg: {}", line);
    } else {
      log.debug("ffmpeg: {}", line);
    }
  }
}
