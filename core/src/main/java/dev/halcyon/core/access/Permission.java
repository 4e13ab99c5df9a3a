package dev.halcyon.core.access;

/** What a request may need to be allowed to do in its workspace. */
public enum Permission {
  READ_STREAMS,
  /** Also shows the stream's key: who has it can publish. */
  WRITE_STREAMS,
  READ_CLIPS,
  WRITE_CLIPS,
  READ_JOBS,
  WRITE_JOBS,
  /** What deletes or costs: how long clips are kept. */
  MANAGE_WORKSPACE
}
