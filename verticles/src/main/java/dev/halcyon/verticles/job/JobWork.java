package dev.halcyon.verticles.job;

/** The steps of a job that is in hand; whoever took it closes it. */
interface JobWork extends ClipWork, AutoCloseable {
  @Override
  void close();
}
