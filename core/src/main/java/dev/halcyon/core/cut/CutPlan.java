package dev.halcyon.core.cut;

import dev.halcyon.core.clip.CutContract;
import java.util.List;

/**
 * What a clip's file will hold and present.
 *
 * @param contract everything but the digest, which is empty until the file is written
 * @param tracks video first, in the order of their index
 */
public record CutPlan(CutContract contract, List<TrackCut> tracks) {
  public CutPlan {
    tracks = List.copyOf(tracks);
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
