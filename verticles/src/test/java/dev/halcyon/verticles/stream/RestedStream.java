package dev.halcyon.verticles.stream;

import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.ring.Ring;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** A stream as it is after a restart: what its ring holds, and nobody who publishes. */
public final class RestedStream {
  private RestedStream() {}

  public static LiveStream of(Ring ring) {
    return new LiveStream(
        UUID.randomUUID(),
        UUID.randomUUID(),
        StreamSettings.DEFAULT,
        ring,
        Optional.empty(),
        new Nobody());
  }

  private static final class Nobody implements LiveStream.SessionObserver {
    @Override
    public boolean wasLost(LiveStream stream, String reason) {
      return false;
    }

    @Override
    public void onEpoch(LiveStream stream, int epoch, List<Track> tracks) {}

    @Override
    public void onSessionClosed(LiveStream stream, String reason) {}

    @Override
    public void onAlert(LiveStream stream, String code, String message) {}
  }
}
