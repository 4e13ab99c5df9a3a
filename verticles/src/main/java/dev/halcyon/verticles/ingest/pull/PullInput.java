package dev.halcyon.verticles.ingest.pull;

import java.util.Optional;

/** What a source's address gives. Blocking; one thread. Closed by who opened it. */
interface PullInput extends AutoCloseable {
  /**
   * The next run; the one before is not read any more.
   *
   * @return empty when the source has ended in order
   */
  Optional<PullRun> next();

  @Override
  void close();
}
