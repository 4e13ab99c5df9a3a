package dev.halcyon.codecs.cut;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.media.Track;
import java.util.List;

/**
 * A finished file.
 *
 * @param contract with the digest of the file
 * @param container {@code mp4}, or {@code webm} for VP8
 * @param sizeBytes of the file
 * @param tracks what it carries, each with its first format, video first
 */
public record CutResult(
    CutContract contract, String container, long sizeBytes, List<Track> tracks) {
  public CutResult {
    tracks = List.copyOf(tracks);
  }
}
