package dev.halcyon.core.cut.smart;

/**
 * What smart cut planning knows of one coded picture; pictures are given in decoding order.
 *
 * @param ptsUs on the clip's own time line; no two presented ones are alike
 * @param entry how decoding can begin here
 * @param isPresented whether the clip shows it
 * @param formatIndex the configuration in force
 */
public record SmartPicture(long ptsUs, Entry entry, boolean isPresented, int formatIndex) {
  /** How decoding can begin at a picture. */
  public enum Entry {
    /** It cannot: other pictures are needed. */
    NONE,
    /**
     * What comes later in presentation decodes, but the decoder must go on from what it had: a
     * recovery point of H.264.
     */
    CONTINUED,
    /**
     * Everything before can be forgotten, pictures that lead it in presentation can be left out:
     * IDR, CRA, a keyframe of VP9.
     */
    FRESH
  }
}
