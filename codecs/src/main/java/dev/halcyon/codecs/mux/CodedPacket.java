package dev.halcyon.codecs.mux;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Track;
import java.util.Objects;

/**
 * One coded access unit on its way to or from a file or a server. Immutable.
 *
 * @param track the track with the format in force for this packet: a track that differs from that
 *     of the packet before carries a new configuration
 * @param durationUs 0 where it is not known
 * @param payload length-prefixed NAL units for H.264 and HEVC, raw access units for AAC
 */
public record CodedPacket(
    Track track, boolean isKeyframe, long ptsUs, long dtsUs, long durationUs, Bytes payload) {
  public CodedPacket {
    Objects.requireNonNull(track, "track");
    Objects.requireNonNull(payload, "payload");
  }

  /** The same packet at another time. */
  public CodedPacket shifted(long byUs) {
    return new CodedPacket(track, isKeyframe, ptsUs + byUs, dtsUs + byUs, durationUs, payload);
  }
}
