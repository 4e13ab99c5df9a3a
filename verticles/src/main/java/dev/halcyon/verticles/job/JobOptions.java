package dev.halcyon.verticles.job;

import java.time.Duration;

/**
 * What jobs may take of a node.
 *
 * @param concurrency jobs at once
 * @param perWorkspace jobs that a workspace may have in hand
 * @param artifactsKept how long what was found in a source is kept once its job is at rest
 * @param freeBytes of the disk that jobs leave alone: with less none begins
 */
public record JobOptions(
    int concurrency, int perWorkspace, Duration artifactsKept, long freeBytes) {
  public JobOptions {
    if (concurrency < 1 || perWorkspace < 1 || artifactsKept.isNegative() || freeBytes < 0) {
      throw new IllegalArgumentException(
          "jobs [concurrency=" + concurrency + ", perWorkspace=" + perWorkspace + "]");
    }
  }
}
