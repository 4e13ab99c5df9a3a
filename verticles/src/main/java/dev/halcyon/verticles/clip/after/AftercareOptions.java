package dev.halcyon.verticles.clip.after;

import java.util.UUID;

/**
 * What is done with clips after they are sealed.
 *
 * @param threads that work on what somebody waits for
 * @param makesStrips whether each clip gets its strip before anybody asks for it
 */
public record AftercareOptions(int threads, AutoVerify autoVerify, boolean makesStrips) {
  /** Which clips are held against their contracts without being asked for. */
  public enum AutoVerify {
    NONE,
    /** One in {@value #ONE_IN}, chosen by its id. */
    SAMPLE,
    ALL;

    static final int ONE_IN = 10;

    boolean takes(UUID clipId) {
      return switch (this) {
        case NONE -> false;
        case SAMPLE -> Math.floorMod(clipId.getLeastSignificantBits(), ONE_IN) == 0;
        case ALL -> true;
      };
    }
  }
}
