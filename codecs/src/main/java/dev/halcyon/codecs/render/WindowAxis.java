package dev.halcyon.codecs.render;

/**
 * One direction of the window of the source that is scaled.
 *
 * @param from first pixel of the source, even, as 4:2:0 wants it
 * @param length pixels of the source
 * @param scaled pixels that they become
 * @param offset where the wanted part begins in those
 */
record WindowAxis(int from, int length, int scaled, double offset) {
  /** Nearer to a whole pixel than this is on it: no eye sees it move. */
  private static final double NEAR_PX = 0.16;

  /** How much more than what is wanted is scaled, at most, so that a whole pixel is found. */
  private static final int MAX_MARGIN_PX = 44;

  /** Windows of so much more or less change the shape of things by a five-hundredth at most. */
  private static final int MAX_STRETCH = 500;

  /**
   * A camera that does not move: on whole pixels of the source, nothing more than what is wanted.
   *
   * @param start of the wanted part, in parts of the source
   * @param part of the source that is wanted
   */
  static WindowAxis still(double start, double part, int sourcePx, int targetPx) {
    if (part >= 1) {
      return new WindowAxis(0, sourcePx, targetPx, 0);
    }
    double wantedPx = part * sourcePx;
    int most = sourcePx / 2 * 2;
    int length = (int) Math.clamp(2 * Math.rint(wantedPx / 2), Math.min(2, most), most);
    double middlePx = start * sourcePx + wantedPx / 2;
    int from = (int) Math.clamp(2 * Math.rint((middlePx - length / 2.0) / 2), 0, most - length);
    return new WindowAxis(from, length, targetPx, 0);
  }

  /**
   * A camera that moves by parts of a pixel. Scaled pixels lie between those of the source, and
   * elsewhere with each place where the window begins: the place is taken from which one of them is
   * where the wanted part begins.
   */
  static WindowAxis moving(double start, double part, int sourcePx, Shape shape) {
    if (part >= 1) {
      return new WindowAxis(0, sourcePx, shape.targetPx(), 0);
    }
    double startPx = start * sourcePx;
    int last = (sourcePx - shape.length()) / 2 * 2;
    int most = shape.scaled() - shape.targetPx();
    int lowest =
        (int) (2 * Math.ceil((startPx + shape.wantedPx() + shape.guardPx() - shape.length()) / 2));
    int highest = (int) (2 * Math.floor((startPx - shape.guardPx()) / 2));
    WindowAxis best = null;
    double bestOff = NEAR_PX;
    for (int from = Math.max(0, lowest); from <= Math.min(last, highest); from += 2) {
      double offset = shape.offset(startPx - from);
      double whole = Math.clamp(2 * Math.rint(offset / 2), 0, most / 2 * 2);
      if (Math.abs(offset - whole) < bestOff) {
        bestOff = Math.abs(offset - whole);
        best = new WindowAxis(from, shape.length(), shape.scaled(), whole);
      }
    }
    if (best != null) {
      return best;
    }
    int spare = (int) (shape.length() - shape.wantedPx()) / 2;
    int from = Math.clamp((long) Math.floor((startPx - spare) / 2) * 2, 0, last);
    double offset = Math.clamp(shape.offset(startPx - from), 0, most);
    return new WindowAxis(from, shape.length(), shape.scaled(), offset);
  }

  /** Whether the wanted part lies on whole pixels, and even ones. */
  boolean isWhole() {
    return offset == 2 * Math.rint(offset / 2);
  }

  /**
   * How large a window is scaled for a camera that moves: the same for all places.
   *
   * @param guardPx pixels of the source around a pixel that go into it
   */
  record Shape(double wantedPx, int sourcePx, int targetPx, int length, int scaled, int guardPx) {
    /** The one whose scaled pixels lie in the most different places between those of the source. */
    static Shape of(double part, int sourcePx, int targetPx) {
      double wantedPx = part * sourcePx;
      int guardPx = 2 * (int) Math.ceil(Math.max(1, wantedPx / targetPx));
      Shape best = null;
      double bestOff = Double.MAX_VALUE;
      for (int margin = 2 * guardPx; margin <= MAX_MARGIN_PX + 2 * guardPx; margin += 4) {
        int length = (int) Math.min(sourcePx, 2 * (long) Math.ceil((wantedPx + margin) / 2));
        int plain = 2 * (int) Math.rint(length * (targetPx / wantedPx) / 2);
        int stretch = plain / MAX_STRETCH / 2 * 2;
        for (int scaled = plain - stretch; scaled <= plain + stretch; scaled += 2) {
          Shape shape =
              new Shape(wantedPx, sourcePx, targetPx, length, Math.max(targetPx, scaled), guardPx);
          double off = shape.furthestOff();
          if (off < bestOff) {
            bestOff = off;
            best = shape;
          }
        }
      }
      return best;
    }

    double ratio() {
      return (double) scaled / length;
    }

    /** Where the wanted part begins in the scaled pixels; their middles are one. */
    double offset(double px) {
      return (px + wantedPx / 2) * ratio() - targetPx / 2.0;
    }

    /** How far from a scaled pixel a place may lie, at most, in scaled pixels. */
    private double furthestOff() {
      double[] places =
          java.util.stream.IntStream.rangeClosed(0, (scaled - targetPx) / 2)
              .mapToDouble(i -> 2 * i / ratio())
              .filter(px -> px >= guardPx && px <= length - wantedPx - guardPx)
              .map(px -> px % 2)
              .sorted()
              .toArray();
      double furthest = places.length == 0 ? 2 : places[0] + 2 - places[places.length - 1];
      for (int i = 1; i < places.length; i++) {
        furthest = Math.max(furthest, places[i] - places[i - 1]);
      }
      return furthest / 2 * ratio();
    }
  }
}
