package dev.halcyon.verticles.job;

import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobLeases;
import dev.halcyon.core.job.JobStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Jobs and their leases without a database, of one node. Any thread. */
final class MemoryJobs implements JobStore, JobLeases {
  private final Map<UUID, Job> jobs = new LinkedHashMap<>();
  private final Set<UUID> leased = new HashSet<>();

  synchronized void add(Job job) {
    jobs.put(job.id(), job);
  }

  /** As if a node had been killed that worked on it. */
  synchronized void leaveInHand(Job job) {
    jobs.put(job.id(), job);
    leased.add(job.id());
  }

  synchronized Job get(UUID id) {
    return jobs.get(id);
  }

  synchronized boolean isLeased(UUID id) {
    return leased.contains(id);
  }

  @Override
  public synchronized Optional<Job> find(UUID id) {
    return Optional.ofNullable(jobs.get(id));
  }

  @Override
  public synchronized boolean save(Job job, long basedOn) {
    if (jobs.get(job.id()).revision() != basedOn) {
      return false;
    }
    jobs.put(job.id(), job);
    return true;
  }

  @Override
  public synchronized Optional<UUID> claim() {
    Optional<UUID> next =
        jobs.values().stream()
            .filter(job -> !leased.contains(job.id()))
            .filter(MemoryJobs::hasWork)
            .map(Job::id)
            .findFirst();
    next.ifPresent(leased::add);
    return next;
  }

  private static boolean hasWork(Job job) {
    return switch (job.status()) {
      case CREATED -> true;
      case INGESTING, ANALYZING, RENDERING ->
          !job.runnable(Instant.now()).isEmpty() || job.nextRetryAt().isEmpty();
      default -> false;
    };
  }

  @Override
  public synchronized Set<UUID> renew(Collection<UUID> held) {
    return Set.copyOf(held);
  }

  @Override
  public synchronized void release(UUID job) {
    leased.remove(job);
  }

  @Override
  public synchronized List<UUID> takeLeft(Collection<UUID> held) {
    return leased.stream().filter(id -> !held.contains(id)).toList();
  }
}
