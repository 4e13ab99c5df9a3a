package dev.halcyon.core.cut;

import dev.halcyon.core.clip.CutContract;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a clip's file will hold and present.
 *
 * @param contract everything but the digest, which is empty until the file is written
 * @param tracks video first, in the order of their index
 * @param nextEpoch the first epoch of the window that this file does not go on to; empty when it
 *     has them all
 */
public record CutPlan(CutContract contract, List<TrackCut> tracks, OptionalInt nextEpoch) {
  public CutPlan {
    tracks = List.copyOf(tracks);
  }

  /** The same with more said about its tracks, index by index. */
  public CutPlan withTracks(List<TrackCut> fuller) {
    return new CutPlan(contract, fuller, nextEpoch);
  }

  /**
   * The contract of the finished file.
   *
   * @param sha256 of the file, lower-case hex
   */
  public CutContract written(String sha256) {
    return contract.ofFile(
        sha256, CutParticulars.frames(contract, tracks), CutParticulars.tracks(tracks));
  }
}
