package dev.halcyon.core.job;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which node works on which job: one at a time, as long as it gives signs of life. Its
 * implementations block; any thread that may.
 */
public interface JobLeases {
  /**
   * Takes a job that has something to do now and that nobody works on: of the workspace with the
   * fewest in hand, the oldest.
   */
  Optional<UUID> claim();

  /**
   * Gives a sign of life for jobs.
   *
   * @return those that are still this node's to work on; others were cancelled or taken away
   */
  Set<UUID> renew(Collection<UUID> held);

  void release(UUID job);

  /**
   * Takes the jobs that whoever worked on them has left: other nodes that give no sign of life, and
   * this one before it was started again.
   *
   * @param held what this node works on
   */
  List<UUID> takeLeft(Collection<UUID> held);
}
