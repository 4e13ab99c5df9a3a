package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.video.SmallPicture;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.media.Orientation;
import java.util.Optional;

/** Where a picture differs from the one before. Plain Java, one thread. */
final class MotionMeter {
  /** Steps of luma that noise and coding make. */
  private static final int NOISE = 12;

  /** Less than this part of the pixels is noise too. */
  private static final double LEAST_PART = 0.0005;

  private final Orientation orientation;
  private byte[] last = new byte[0];
  private int widthPx;

  /**
   * @param orientation how a player turns the pictures that come
   */
  MotionMeter(Orientation orientation) {
    this.orientation = orientation;
  }

  /** Remembers a picture without measuring it. */
  void remember(SmallPicture picture) {
    if (last.length != picture.luma().length) {
      last = new byte[picture.luma().length];
    }
    widthPx = picture.widthPx();
    System.arraycopy(picture.luma(), 0, last, 0, last.length);
  }

  /** Since the picture that was remembered; empty when there is none, or nothing moves. */
  Optional<MotionCentre> measure(SmallPicture picture) {
    byte[] luma = picture.luma();
    if (last.length != luma.length || widthPx != picture.widthPx()) {
      return Optional.empty();
    }
    long sum = 0;
    long sumX = 0;
    long sumY = 0;
    long pixels = 0;
    for (int y = 0, at = 0; y < picture.heightPx(); y++) {
      long row = 0;
      for (int x = 0; x < widthPx; x++, at++) {
        int change = Math.abs((luma[at] & 0xff) - (last[at] & 0xff));
        if (change > NOISE) {
          row += change;
          sumX += (long) change * x;
          pixels++;
        }
      }
      sum += row;
      sumY += row * y;
    }
    if (pixels < luma.length * LEAST_PART) {
      return Optional.empty();
    }
    return Optional.of(
        shown(
            (sumX / (double) sum + 0.5) / widthPx,
            (sumY / (double) sum + 0.5) / picture.heightPx(),
            Math.min(1, sum / (255.0 * luma.length))));
  }

  private MotionCentre shown(double x, double y, double strength) {
    double left = orientation.a() + orientation.c() < 0 ? 1 : 0;
    double top = orientation.b() + orientation.d() < 0 ? 1 : 0;
    return new MotionCentre(
        left + orientation.a() * x + orientation.c() * y,
        top + orientation.b() * x + orientation.d() * y,
        strength);
  }
}
