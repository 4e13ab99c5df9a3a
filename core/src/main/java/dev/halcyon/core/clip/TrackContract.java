package dev.halcyon.core.clip;

import dev.halcyon.core.media.MediaKind;
import java.util.List;

/**
 * What a file holds of one track and what its edit list presents of that, in microseconds.
 *
 * @param index the track's index in its epoch
 * @param codecs RFC 6381 names of its configurations, in the order of their use
 * @param packets in the file
 * @param startsAtUs when the track begins in the presentation: an empty edit in front of it
 * @param trimStartUs media before the presented part
 * @param trimJoinsUs media between presented parts, where epochs were stitched
 * @param trimEndUs media behind the presented part
 */
public record TrackContract(
    int index,
    MediaKind kind,
    List<String> codecs,
    int packets,
    long startsAtUs,
    long trimStartUs,
    long trimJoinsUs,
    long trimEndUs) {
  public TrackContract {
    codecs = List.copyOf(codecs);
  }
}
