package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** A run on a terminal: a line for each step that is over, and a bar for the one that runs. */
final class BarDisplay implements ClipListener {
  private static final long REDRAW_NS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int BAR_CELLS = 28;
  private static final int NAME_CELLS = 12;
  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintStream out;
  private final IntSupplier columns;
  private Set<StepKey> steps = Set.of();
  private long startedNs;
  private long drawnNs;
  private double done;
  private long mediaUs;

  /**
   * @param columns width of the terminal; may change
   */
  BarDisplay(PrintStream out, IntSupplier columns) {
    this.out = out;
    this.columns = columns;
  }

  @Override
  public synchronized void onStarted(Set<StepKey> begun) {
    steps = begun;
    startedNs = System.nanoTime();
    done = 0;
    mediaUs = 0;
    draw();
  }

  @Override
  public synchronized void onProgress(double part, long atUs) {
    done = Math.max(done, part);
    mediaUs = Math.max(mediaUs, atUs);
    if (System.nanoTime() - drawnNs >= REDRAW_NS) {
      draw();
    }
  }

  @Override
  public synchronized void onEnded(StepRow row, String note, boolean isReused) {
    if (row.status() == StepStatus.SKIPPED && note.isEmpty()) {
      return;
    }
    String took = isReused ? "kept" : row.took().map(ProgressText::took).orElse("");
    line(mark(row.status()), ProgressText.name(row.key()), note, took);
  }

  @Override
  public synchronized void onWaiting(Duration wait) {
    out.print(CLEAR_LINE + "  trying again in " + ProgressText.took(wait));
    out.flush();
  }

  /** Leaves the cursor on a line of its own. */
  synchronized void close() {
    out.print(CLEAR_LINE);
    out.flush();
  }

  private String mark(StepStatus status) {
    return switch (status) {
      case COMPLETED -> "\u001b[32m✓\u001b[0m";
      case FAILED, PENDING -> "\u001b[31m✗\u001b[0m";
      default -> "-";
    };
  }

  private void line(String mark, String name, String note, String took) {
    int room = Math.max(10, columns.getAsInt() - NAME_CELLS - 14);
    String shortened = note.length() <= room ? note : note.substring(0, room - 1) + "…";
    out.printf(
        "%s%s %-" + NAME_CELLS + "s %-" + room + "s %8s%n",
        CLEAR_LINE,
        mark,
        name,
        shortened,
        took);
    out.flush();
  }

  private void draw() {
    drawnNs = System.nanoTime();
    Duration elapsed = Duration.ofNanos(drawnNs - startedNs);
    Duration left = ProgressText.left(done, elapsed);
    String facts =
        String.format(
            " %3d %%  %s  %s",
            (int) (done * 100),
            ProgressText.isThroughMedia(steps) ? ProgressText.speed(mediaUs, elapsed) : "",
            left.isNegative() ? "" : ProgressText.clock(left) + " left");
    String name = ProgressText.name(steps);
    int cells =
        Math.clamp(
            columns.getAsInt() - Math.max(NAME_CELLS, name.length()) - facts.length() - 5,
            4,
            BAR_CELLS);
    out.printf("%s  %-" + NAME_CELLS + "s %s%s", CLEAR_LINE, name, bar(cells), facts);
    out.flush();
  }

  private String bar(int cells) {
    int full = (int) (done * cells);
    return "\u001b[36m" + "━".repeat(full) + "\u001b[90m" + "━".repeat(cells - full) + "\u001b[0m";
  }
}
