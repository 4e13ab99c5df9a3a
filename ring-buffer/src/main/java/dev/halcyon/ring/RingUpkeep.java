package dev.halcyon.ring;

import java.util.Optional;
import java.util.concurrent.Future;

/**
 * What a ring's file needs beside being written and read: pages and blocks ahead of the writer, a
 * change of size, space given back, and the disk made sure of. Any thread but the writer's, unless
 * said otherwise; owns the file from its construction on.
 */
final class RingUpkeep implements AutoCloseable {
  private static final long LEAST_MS = 1;

  private final RingFile file;
  private final SpaceAhead space;
  private final PagesAhead pages;
  private final Resizing resizing;
  private final Optional<RingForce> force;
  private final Optional<Future<?>> forcing;
  private boolean isClosed;

  RingUpkeep(RingFile file, SpaceAhead space, RingOptions options) {
    this.file = file;
    this.space = space;
    this.pages = new PagesAhead(file, space);
    this.resizing = new Resizing(file, space, options.capacityBytes());
    this.force =
        options.forcePeriodMs() == 0
            ? Optional.empty()
            : Optional.of(new RingForce(file, Mapping::force));
    // Twice a period, so that nothing waits for longer than one while a force takes up to half.
    this.forcing =
        force.map(
            each -> RingDisk.every(Math.max(LEAST_MS, options.forcePeriodMs() / 2), each::run));
    RingKeeper.add(pages);
  }

  SpaceAhead space() {
    return space;
  }

  PagesAhead pages() {
    return pages;
  }

  Resizing resizing() {
    return resizing;
  }

  /** Empty when the page cache is enough. */
  Optional<RingForce> force() {
    return force;
  }

  /**
   * Asks the writer for another capacity, as {@link Resizing#ask} says.
   *
   * @throws IllegalStateException when closed
   */
  synchronized boolean ask(long capacityBytes) {
    if (isClosed) {
      throw new IllegalStateException("the ring is closed");
    }
    return resizing.ask(capacityBytes);
  }

  /** What a change of size leaves over; goes on in another thread. */
  void giveSpaceBack() {
    RingDisk.soon(() -> untilClosed(this::giveBack));
  }

  /** On the writer's thread: another geometry has taken over. */
  void onResized(Geometry before) {
    Geometry now = file.geometry();
    RingDisk.soon(
        () -> {
          untilClosed(this::giveBack);
          if (before.mapping() != now.mapping()) {
            untilClosed(() -> before.mapping().forgetPages());
          }
        });
  }

  /** The disk learns of the new geometry before it loses what only the old one could address. */
  private void giveBack() {
    if (space.hasSpare()) {
      file.firstMapping().force(0, RingLayout.HEADER_BYTES);
      space.giveBack();
    }
  }

  /** The file stays while {@code work} runs; nothing is done once closed. */
  private synchronized void untilClosed(Runnable work) {
    if (!isClosed) {
      work.run();
    }
  }

  /** Forces what is left to force, waits for whoever is at the file, and closes it. */
  @Override
  public void close() {
    RingKeeper.remove(pages);
    forcing.ifPresent(each -> each.cancel(false));
    force.ifPresent(RingForce::close);
    synchronized (this) {
      if (!isClosed) {
        isClosed = true;
        file.close();
      }
    }
  }
}
