package dev.halcyon.codecs.face;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FaceBox;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Gives the same face the same number for as long as a shot lasts: each face goes to the track
 * whose last box it overlaps most. A track that is not seen for a while ends. Pure; one thread.
 */
public final class FaceTracks {
  /** Between two samples half a second apart a head moves by as much as this leaves. */
  private static final double LEAST_OVERLAP = 0.15;

  private static final long MOST_UNSEEN_US = 1_600_000;

  /**
   * Faces of one picture, before they are told apart.
   *
   * @param motion as {@link FaceSample#motion()}
   */
  public record Sighting(long atUs, List<FaceDetector.Found> faces, Optional<MotionCentre> motion) {
    public Sighting {
      faces = List.copyOf(faces);
    }
  }

  private record Track(int id, FaceBox last, long seenUs) {}

  private record Match(double overlap, int face, int track) {}

  private final List<Track> tracks = new ArrayList<>();
  private int nextId;

  private FaceTracks() {}

  /**
   * @param sightings in order of time
   * @param shots likewise
   */
  public static FaceAnalysis follow(List<Sighting> sightings, List<TimeSpan> shots) {
    FaceTracks tracks = new FaceTracks();
    List<FaceSample> samples = new ArrayList<>();
    int shot = 0;
    for (Sighting sighting : sightings) {
      while (shot + 1 < shots.size() && sighting.atUs() >= shots.get(shot + 1).fromUs()) {
        shot++;
        tracks.tracks.clear();
      }
      samples.add(tracks.sample(sighting));
    }
    return new FaceAnalysis(samples);
  }

  private FaceSample sample(Sighting sighting) {
    tracks.removeIf(track -> sighting.atUs() - track.seenUs() > MOST_UNSEEN_US);
    int[] ids = match(sighting.faces());
    List<FaceBox> boxes = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      FaceDetector.Found face = sighting.faces().get(i);
      int id = ids[i] < 0 ? nextId++ : ids[i];
      FaceBox box = new FaceBox(face.x(), face.y(), face.width(), face.height(), face.score(), id);
      tracks.removeIf(track -> track.id() == id);
      tracks.add(new Track(id, box, sighting.atUs()));
      boxes.add(box);
    }
    boxes.sort(Comparator.comparingDouble(FaceBox::area).reversed());
    return new FaceSample(sighting.atUs(), boxes, sighting.motion());
  }

  /** The track of each face, −1 for a new one; the greatest overlaps first. */
  private int[] match(List<FaceDetector.Found> faces) {
    List<Match> matches = new ArrayList<>();
    for (int face = 0; face < faces.size(); face++) {
      for (int track = 0; track < tracks.size(); track++) {
        double overlap = overlap(faces.get(face), tracks.get(track).last());
        if (overlap >= LEAST_OVERLAP) {
          matches.add(new Match(overlap, face, track));
        }
      }
    }
    matches.sort(Comparator.comparingDouble(Match::overlap).reversed());
    int[] ids = new int[faces.size()];
    Arrays.fill(ids, -1);
    boolean[] isTaken = new boolean[tracks.size()];
    for (Match match : matches) {
      if (ids[match.face()] < 0 && !isTaken[match.track()]) {
        ids[match.face()] = tracks.get(match.track()).id();
        isTaken[match.track()] = true;
      }
    }
    return ids;
  }

  /** Intersection over union. */
  private static double overlap(FaceDetector.Found face, FaceBox box) {
    double width =
        Math.min(face.x() + face.width(), box.x() + box.width()) - Math.max(face.x(), box.x());
    double height =
        Math.min(face.y() + face.height(), box.y() + box.height()) - Math.max(face.y(), box.y());
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double common = width * height;
    return common / (face.width() * face.height() + box.area() - common);
  }
}
