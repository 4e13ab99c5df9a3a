package dev.halcyon.verticles.ingest.pull;

import java.util.UUID;

/**
 * Is told how pulls do while no session tells it: from the begin of an attempt to the first media.
 * On the pulls' threads; must not block.
 */
public interface PullListener {
  void onConnecting(UUID stream);

  /**
   * @param why for people; no secrets in it
   */
  void onFailed(UUID stream, String why);

  /** The source has ended in order, maybe before there was any media. */
  void onEnded(UUID stream);
}
