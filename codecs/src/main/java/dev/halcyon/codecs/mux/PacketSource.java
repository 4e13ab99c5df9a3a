package dev.halcyon.codecs.mux;

import dev.halcyon.core.media.Track;
import java.util.List;
import java.util.Optional;

/**
 * Coded packets in dts order over all tracks. One thread at a time; closed by who opened it. The
 * first dts may be negative (reordered pictures, an audio encoder's priming).
 */
public interface PacketSource extends AutoCloseable {
  /** The tracks as they begin, by index from 0. */
  List<Track> tracks();

  /** The next packet; empty at the end. May take as long as encoding or reading takes. */
  Optional<CodedPacket> next();

  @Override
  void close();
}
