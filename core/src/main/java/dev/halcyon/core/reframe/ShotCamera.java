package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.reframe.Subject.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans the way of one camera through one shot. One thread. */
final class ShotCamera {
  /** A subject may leave the middle by this part of the rectangle before the camera follows. */
  private static final double DEAD_ZONE = 0.14;

  private static final double DEAD_ZONE_UP = 0.07;

  /** Of that, for who stands still: near the middle. */
  private static final double STANDING = 0.35;

  /** Who gets no further than this part of the rectangle within some seconds stands. */
  private static final double STANDS = 0.05;

  /** Who gets further than this walks. */
  private static final double WALKS = 0.2;

  /** Between a subject and the edge stays at least this part of the rectangle. */
  private static final double MARGIN = 0.08;

  /** A face stands a little above the middle: eyes near the upper third. */
  private static final double FACE_ABOVE_MIDDLE = 0.1;

  /** Motion without a face is followed loosely and slowly. */
  private static final double MOTION_DEAD_ZONE = 0.3;

  private static final double MOTION_SPEED = 0.4;
  private static final double LEAST_MOTION = 0.004;
  private static final long MOTION_AROUND_US = 2_000_000;

  /** A fifth of a pixel of a picture 2,000 pixels wide: nobody sees what is left out. */
  private static final double UNSEEN = 1e-4;

  private static final double KEY_ROUNDING = 1e6;

  private final TimeSpan shot;
  private final Framing framing;
  private final double speedLimit;
  private final int steps;
  private final CameraAxis across;
  private final CameraAxis upright;

  ShotCamera(TimeSpan shot, Framing framing, double speedLimit) {
    this.shot = shot;
    this.framing = framing;
    this.speedLimit = speedLimit;
    this.steps = (int) (Math.ceilDiv(shot.lengthUs(), CameraAxis.STEP_US) + 1);
    this.across = new CameraAxis(steps, framing.width());
    this.upright = new CameraAxis(steps, framing.height());
  }

  /** Keeps a face, or several, in the frame with head room. */
  CropCamera following(Subject subject) {
    double[] x = new double[steps];
    double[] y = new double[steps];
    for (int step = 0; step < steps; step++) {
      Optional<Box> seen = subject.at(atUs(step));
      x[step] = seen.map(Box::centreX).orElse(Double.NaN);
      y[step] = seen.map(box -> box.centreY() + headRoom(box)).orElse(Double.NaN);
    }
    hold(across, x, framing.width(), subject.median(Box::width), DEAD_ZONE);
    hold(upright, y, framing.height(), subject.median(Box::height), DEAD_ZONE_UP);
    return camera(
        speedLimit, subject.median(Box::centreX), subject.median(b -> b.centreY() + headRoom(b)));
  }

  private static void hold(
      CameraAxis axis, double[] places, double frame, double subject, double deadZone) {
    double[] calm = Stance.averaged(places);
    double[] unrest = Stance.unrest(calm);
    double room = Math.max(0, (frame - subject) / 2 - MARGIN * frame);
    for (int step = 0; step < places.length; step++) {
      if (!Double.isNaN(calm[step])) {
        double walking = Math.clamp((unrest[step] / frame - STANDS) / (WALKS - STANDS), 0, 1);
        double slack = deadZone * frame * (STANDING + (1 - STANDING) * walking);
        axis.hold(step, calm[step], Math.min(slack, room));
      }
    }
  }

  /** None for faces that fill the frame. */
  private double headRoom(Box box) {
    double free = Math.max(0, framing.height() - box.height()) / 2;
    return Math.min(FACE_ABOVE_MIDDLE * framing.height(), free * 0.6);
  }

  /** Looks where most moves; at the middle when nothing does. */
  CropCamera followingMotion(List<FaceSample> samples) {
    List<FaceSample> moving = samples.stream().filter(ShotCamera::isMoving).toList();
    double[] all = weighted(moving, shot.fromUs(), Long.MAX_VALUE);
    for (int step = 0; step < steps && !moving.isEmpty(); step++) {
      double[] around = weighted(moving, atUs(step), MOTION_AROUND_US);
      if (around[2] > 0) {
        across.hold(step, around[0], MOTION_DEAD_ZONE * framing.width());
        upright.hold(step, around[1], MOTION_DEAD_ZONE * framing.height());
      }
    }
    return camera(speedLimit * MOTION_SPEED, all[0], all[1]);
  }

  /** Whether enough moves to look there. */
  static boolean isMoving(FaceSample sample) {
    return sample.motion().filter(m -> m.strength() >= LEAST_MOTION).isPresent();
  }

  /** Mean place of the motion about a time, and how much there is; the middle for none. */
  private static double[] weighted(List<FaceSample> moving, long atUs, long aroundUs) {
    double x = 0;
    double y = 0;
    double weight = 0;
    for (FaceSample sample : moving) {
      if (Math.abs(sample.atUs() - atUs) <= aroundUs) {
        double strength = sample.motion().orElseThrow().strength();
        x += strength * sample.motion().orElseThrow().x();
        y += strength * sample.motion().orElseThrow().y();
        weight += strength;
      }
    }
    return weight == 0 ? new double[] {0.5, 0.5, 0} : new double[] {x / weight, y / weight, weight};
  }

  private long atUs(int step) {
    return Math.min(shot.fromUs() + step * CameraAxis.STEP_US, shot.toUs());
  }

  private CropCamera camera(double speed, double wishX, double wishY) {
    double[] x = across.way(speed * framing.width(), wishX);
    double[] y = upright.way(speed * framing.height(), wishY);
    List<CropKey> keys = new ArrayList<>();
    addKeys(x, y, 0, steps - 1, keys);
    boolean isStill = keys.size() == 1 && x[steps - 1] == x[0] && y[steps - 1] == y[0];
    if (!isStill) {
      addKey(x, y, steps - 1, keys);
    }
    return new CropCamera(framing.aspect(), keys);
  }

  /** All keys but the last one: where straight lines leave the way, at the worst place first. */
  private void addKeys(double[] x, double[] y, int from, int to, List<CropKey> keys) {
    int worst = -1;
    double most = UNSEEN;
    for (int i = from + 1; i < to; i++) {
      double part = (double) (i - from) / (to - from);
      double off =
          Math.max(
              Math.abs(x[i] - x[from] - part * (x[to] - x[from])),
              Math.abs(y[i] - y[from] - part * (y[to] - y[from])));
      if (off > most) {
        most = off;
        worst = i;
      }
    }
    if (worst < 0) {
      addKey(x, y, from, keys);
    } else {
      addKeys(x, y, from, worst, keys);
      addKeys(x, y, worst, to, keys);
    }
  }

  private void addKey(double[] x, double[] y, int step, List<CropKey> keys) {
    long atUs = atUs(step);
    if (keys.isEmpty() || keys.getLast().atUs() < atUs) {
      keys.add(new CropKey(atUs, rounded(x[step]), rounded(y[step]), framing.height()));
    }
  }

  private static double rounded(double value) {
    return Math.rint(value * KEY_ROUNDING) / KEY_ROUNDING;
  }
}
