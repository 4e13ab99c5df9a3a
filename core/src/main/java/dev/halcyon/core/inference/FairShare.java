package dev.halcyon.core.inference;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Picks the request that is computed next: the earliest deadline among those whose workspace, and
 * within it whose stream, has not been served too far ahead of others that wait. So deadlines rule
 * while shares are about even, and nobody who floods the queue is served by more than {@code lead}
 * ahead of another who waits as well. Who comes back after a pause begins where the least served
 * is: a pause saves nothing up. One thread at a time.
 */
final class FairShare<T> {
  private final int lead;
  private final Map<UUID, Workspace<T>> workspaces = new HashMap<>();
  private int size;

  /** A workspace with requests that wait. */
  private static final class Workspace<T> {
    final Map<UUID, Stream<T>> streams = new HashMap<>();
    long served;
    int size;
  }

  /** A stream with requests that wait. */
  private static final class Stream<T> {
    final PriorityQueue<Waiting<T>> waiting = new PriorityQueue<>(Waiting::byDeadline);
    long served;
  }

  /**
   * @param lead how many requests one may be ahead of another
   */
  FairShare(int lead) {
    this.lead = lead;
  }

  int size() {
    return size;
  }

  int size(UUID workspaceId) {
    Workspace<T> workspace = workspaces.get(workspaceId);
    return workspace == null ? 0 : workspace.size;
  }

  void add(Waiting<T> request) {
    Workspace<T> workspace =
        workspaces.computeIfAbsent(
            request.lot().workspaceId(),
            id -> {
              Workspace<T> fresh = new Workspace<>();
              fresh.served = leastOfWorkspaces(workspaces.values());
              return fresh;
            });
    Stream<T> stream =
        workspace.streams.computeIfAbsent(
            request.lot().streamId(),
            id -> {
              Stream<T> fresh = new Stream<>();
              fresh.served = leastOfStreams(workspace.streams.values());
              return fresh;
            });
    stream.waiting.add(request);
    workspace.size++;
    size++;
  }

  /**
   * @param bucket of the batch, or -1 for any
   * @return null when there is none
   */
  Waiting<T> next(BatchLimits limits, int bucket) {
    Waiting<T> best = null;
    long workspaceBound = leastOfWorkspaces(workspaces.values()) + lead;
    for (Workspace<T> workspace : workspaces.values()) {
      if (workspace.served >= workspaceBound) {
        continue;
      }
      long streamBound = leastOfStreams(workspace.streams.values()) + lead;
      for (Stream<T> stream : workspace.streams.values()) {
        Waiting<T> head = stream.served >= streamBound ? null : head(stream, limits, bucket);
        if (head != null && (best == null || Waiting.byDeadline(head, best) < 0)) {
          best = head;
        }
      }
    }
    return best;
  }

  private static <T> Waiting<T> head(Stream<T> stream, BatchLimits limits, int bucket) {
    Waiting<T> head = stream.waiting.peek();
    if (head == null || bucket < 0 || limits.bucketOf(head.lot().length()) == bucket) {
      return head;
    }
    Waiting<T> best = null;
    for (Waiting<T> each : stream.waiting) {
      if (limits.bucketOf(each.lot().length()) == bucket
          && (best == null || Waiting.byDeadline(each, best) < 0)) {
        best = each;
      }
    }
    return best;
  }

  /** Counts the request as served, and takes it out. */
  void serve(Waiting<T> request) {
    Workspace<T> workspace = workspaces.get(request.lot().workspaceId());
    workspace.served++;
    workspace.streams.get(request.lot().streamId()).served++;
    remove(request);
  }

  /** Takes a request out; false when it is not here. */
  boolean remove(Waiting<T> request) {
    Workspace<T> workspace = workspaces.get(request.lot().workspaceId());
    Stream<T> stream = workspace == null ? null : workspace.streams.get(request.lot().streamId());
    if (stream == null || !stream.waiting.remove(request)) {
      return false;
    }
    size--;
    workspace.size--;
    if (stream.waiting.isEmpty()) {
      workspace.streams.remove(request.lot().streamId());
    }
    if (workspace.size == 0) {
      workspaces.remove(request.lot().workspaceId());
    }
    return true;
  }

  /** Calls {@code each} for all that wait, in no order; none may be added or removed meanwhile. */
  void forEach(Consumer<Waiting<T>> each) {
    workspaces
        .values()
        .forEach(
            workspace ->
                workspace.streams.values().forEach(stream -> stream.waiting.forEach(each)));
  }

  private static <T> long leastOfWorkspaces(Collection<Workspace<T>> all) {
    long least = Long.MAX_VALUE;
    for (Workspace<T> each : all) {
      least = Math.min(least, each.served);
    }
    return all.isEmpty() ? 0 : least;
  }

  private static <T> long leastOfStreams(Collection<Stream<T>> all) {
    long least = Long.MAX_VALUE;
    for (Stream<T> each : all) {
      least = Math.min(least, each.served);
    }
    return all.isEmpty() ? 0 : least;
  }
}
