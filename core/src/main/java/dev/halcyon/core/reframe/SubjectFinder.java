package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.FaceBox;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.reframe.Subject.Box;
import dev.halcyon.core.reframe.Subject.Sight;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds whom a shot is about: the way through its samples, one face or none in each, that shows the
 * largest face for the longest time and changes from one face to another only where that pays for
 * seconds. It looks at the whole shot, so it never runs after a face that is gone the next moment.
 */
final class SubjectFinder {
  private static final int MOST_FACES = 8;

  /** What showing another face costs, in samples of a face of full size. */
  private static final double CHANGE = 1.5;

  /** What it costs when the tracker lost a face and found it again nearby. */
  private static final double FOUND_AGAIN = 0.1;

  private static final double LOST = 0.2;

  /** Of its own size, how far a face goes between two samples. */
  private static final double NEAR = 0.8;

  /** A subject is seen in at least this part of the samples. */
  private static final double LEAST_PRESENCE = 0.2;

  /** A second subject is seen in this part of them, and is worth this part of the first. */
  private static final double SECOND_PRESENCE = 0.6;

  private static final double SECOND_WORTH = 0.45;

  private final List<FaceSample> samples;
  private final double largest;

  SubjectFinder(List<FaceSample> samples) {
    this.samples = samples;
    this.largest =
        samples.stream()
            .flatMap(s -> s.faces().stream())
            .mapToDouble(FaceBox::area)
            .max()
            .orElse(1);
  }

  /** None, one, or two where a second face matters too; the one that matters most first. */
  List<Subject> find() {
    Set<FaceBox> taken = new HashSet<>();
    List<Optional<FaceBox>> first = best(taken);
    if (presence(first) < LEAST_PRESENCE) {
      return List.of();
    }
    first.forEach(face -> face.ifPresent(taken::add));
    List<Optional<FaceBox>> second = best(taken);
    boolean isSecond =
        presence(second) >= SECOND_PRESENCE && worth(second) >= SECOND_WORTH * worth(first);
    return isSecond ? List.of(subject(first), subject(second)) : List.of(subject(first));
  }

  private double presence(List<Optional<FaceBox>> way) {
    long seen = way.stream().filter(Optional::isPresent).count();
    return way.isEmpty() ? 0 : (double) seen / way.size();
  }

  private double worth(List<Optional<FaceBox>> way) {
    return way.stream().mapToDouble(face -> face.map(this::worth).orElse(0.0)).sum();
  }

  /** 0..1 by size, how sure the detector is, and a little by how central the face is. */
  private double worth(FaceBox face) {
    double central = 1 - Math.abs(2 * face.centreX() - 1);
    return Math.sqrt(face.area() / largest)
        * (0.5 + 0.5 * face.score())
        * (0.85 + 0.15 * Math.max(0, central));
  }

  private Subject subject(List<Optional<FaceBox>> way) {
    List<Sight> sights = new ArrayList<>();
    for (int i = 0; i < way.size(); i++) {
      long atUs = samples.get(i).atUs();
      way.get(i).ifPresent(face -> sights.add(new Sight(atUs, Box.of(face))));
    }
    return new Subject(sights);
  }

  /** The best way through the samples (Viterbi) over the faces that are not taken. */
  private List<Optional<FaceBox>> best(Set<FaceBox> taken) {
    List<List<Optional<FaceBox>>> choices = new ArrayList<>();
    List<int[]> cameFrom = new ArrayList<>();
    double[] value = {};
    for (FaceSample sample : samples) {
      List<Optional<FaceBox>> now = choices(sample, taken);
      double[] next = new double[now.size()];
      int[] from = new int[now.size()];
      for (int i = 0; i < next.length; i++) {
        double reward = now.get(i).map(this::worth).orElse(0.0);
        next[i] = reward;
        for (int j = 0; j < value.length; j++) {
          double way = value[j] + reward - cost(choices.getLast().get(j), now.get(i));
          if (j == 0 || way > next[i]) {
            next[i] = way;
            from[i] = j;
          }
        }
      }
      choices.add(now);
      cameFrom.add(from);
      value = next;
    }
    return traced(choices, cameFrom, value);
  }

  private static List<Optional<FaceBox>> choices(FaceSample sample, Set<FaceBox> taken) {
    List<Optional<FaceBox>> choices = new ArrayList<>();
    sample.faces().stream()
        .filter(face -> !taken.contains(face))
        .limit(MOST_FACES)
        .forEach(face -> choices.add(Optional.of(face)));
    choices.add(Optional.empty());
    return choices;
  }

  private static double cost(Optional<FaceBox> before, Optional<FaceBox> now) {
    if (before.isEmpty() || now.isEmpty()) {
      return before.isEmpty() && now.isEmpty() ? 0 : LOST;
    }
    FaceBox from = before.get();
    FaceBox to = now.get();
    if (from.trackId() == to.trackId()) {
      return 0;
    }
    double size = Math.max(from.width(), to.width());
    double away = Math.hypot(from.centreX() - to.centreX(), from.centreY() - to.centreY());
    return away <= NEAR * size ? FOUND_AGAIN : CHANGE;
  }

  private static List<Optional<FaceBox>> traced(
      List<List<Optional<FaceBox>>> choices, List<int[]> cameFrom, double[] value) {
    int best = 0;
    for (int i = 1; i < value.length; i++) {
      best = value[i] > value[best] ? i : best;
    }
    List<Optional<FaceBox>> way = new ArrayList<>();
    for (int sample = choices.size() - 1; sample >= 0; sample--) {
      way.add(choices.get(sample).get(best));
      best = cameFrom.get(sample)[best];
    }
    return way.reversed();
  }
}
