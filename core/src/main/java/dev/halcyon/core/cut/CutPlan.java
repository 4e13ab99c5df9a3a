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
}
