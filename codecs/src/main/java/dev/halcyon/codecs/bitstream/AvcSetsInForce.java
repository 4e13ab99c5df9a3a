package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The H.264 parameter sets by their ids, as a stream sets them. Not thread-safe. */
final class AvcSetsInForce {
  /** Ids of picture parameter sets; those of sequences end earlier. */
  private static final int MOST = 256;

  private final Map<Integer, AvcSps> sequences = new HashMap<>();
  private final Map<Integer, AvcPps> pictures = new HashMap<>();

  void add(VideoFormat format) {
    NalUnits.ofConfig(format).forEach(this::add);
  }

  /** A unit of any type. */
  void add(Bytes unit) {
    switch (NalUnits.typeOf(Codec.H264, unit)) {
      case NalUnits.AVC_SPS ->
          AvcSps.parse(unit).filter(s -> s.id() < MOST).ifPresent(s -> sequences.put(s.id(), s));
      case NalUnits.AVC_PPS ->
          AvcPps.parse(unit).filter(p -> p.id() < MOST).ifPresent(p -> pictures.put(p.id(), p));
      default -> {}
    }
  }

  Optional<AvcSps> sps(int id) {
    return Optional.ofNullable(sequences.get(id));
  }

  Optional<AvcPps> pps(int id) {
    return Optional.ofNullable(pictures.get(id));
  }
}
