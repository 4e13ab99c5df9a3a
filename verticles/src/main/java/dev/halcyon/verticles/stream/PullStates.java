package dev.halcyon.verticles.stream;

import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.verticles.ingest.pull.PullListener;
import java.util.Optional;
import java.util.UUID;

/** Keeps the states of pulled streams while they have no publisher. Any thread. */
final class PullStates implements PullListener {
  private final StreamStates states;

  PullStates(StreamStates states) {
    this.states = states;
  }

  @Override
  public void onConnecting(UUID stream) {
    states.set(stream, StreamStatus.CONNECTING, Optional.empty());
  }

  @Override
  public void onFailed(UUID stream, String why) {
    states.set(stream, StreamStatus.ERROR, Optional.of(why));
  }

  @Override
  public void onEnded(UUID stream) {
    states.set(stream, StreamStatus.IDLE, Optional.empty());
  }
}
