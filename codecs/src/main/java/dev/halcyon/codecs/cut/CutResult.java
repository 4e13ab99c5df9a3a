package dev.halcyon.codecs.cut;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.media.Track;
import java.util.List;
import java.util.OptionalInt;

/**
 * A finished file.
 *
 * @param contract with the digest of the file
 * @param container {@code mp4}, or {@code webm} for VP8
 * @param sizeBytes of the file
 * @param tracks what it carries, each with its first format, video first
 * @param nextEpoch the first epoch of the window that the file does not go on to; empty when it has
 *     them all
 */
public record CutResult(
    CutContract contract,
    String container,
    long sizeBytes,
    List<Track> tracks,
    OptionalInt nextEpoch) {
  public CutResult {
    tracks = List.copyOf(tracks);
  }

  /** A file of all that was asked for. */
  public CutResult(CutContract contract, String container, long sizeBytes, List<Track> tracks) {
    this(contract, container, sizeBytes, tracks, OptionalInt.empty());
  }
}
