package dev.halcyon.core.cut.smart;

import java.util.List;

/** A run of a smart cut's pictures, all presented. Segments follow each other in presentation. */
public sealed interface Segment {
  /**
   * Pictures taken as they are.
   *
   * @param pictures their indexes, in decoding order; the first one is a {@link
   *     SmartPicture.Entry#FRESH} one unless the segment before is copied too
   */
  record Copied(List<Integer> pictures) implements Segment {
    public Copied {
      pictures = List.copyOf(pictures);
    }
  }

  /**
   * Pictures decoded and coded again, the first one as a keyframe.
   *
   * @param formatIndex the configuration of all of them
   * @param decodeFrom index of the picture at which decoding begins
   * @param decodeTo one past the last picture that has to be decoded
   * @param ptsUs the pictures wanted of that, ascending
   */
  record Encoded(int formatIndex, int decodeFrom, int decodeTo, List<Long> ptsUs)
      implements Segment {
    public Encoded {
      ptsUs = List.copyOf(ptsUs);
    }
  }
}
