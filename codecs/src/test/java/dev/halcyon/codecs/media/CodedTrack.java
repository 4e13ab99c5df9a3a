package dev.halcyon.codecs.media;

import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;
import java.util.List;

/** For tests: one coded track. */
public record CodedTrack(TrackFormat format, List<CodedPacket> packets) {
  /** One access unit. */
  public record CodedPacket(boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {}
}
