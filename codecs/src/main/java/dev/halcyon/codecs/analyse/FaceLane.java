package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.face.FaceSampler;
import dev.halcyon.codecs.face.FaceTracks;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.media.Orientation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Looks for faces on a thread of its own, which also loads what finds them. {@link #look} is for
 * one thread, the rest for the one that made it and closes it, when no more is given to look at.
 */
final class FaceLane implements AutoCloseable {
  /** A face takes as long as a few pictures; two a second come. */
  private static final int WAITING = 2;

  /** What is known of a picture beside it. */
  private record Note(long atUs, Optional<MotionCentre> motion) {}

  private final List<FaceTracks.Sighting> sightings = new ArrayList<>();
  private final PictureLane<Note> lane;

  /**
   * @param model as {@link FaceSampler} takes it
   * @param orientation how a player turns the pictures
   */
  FaceLane(Optional<Path> model, Orientation orientation) {
    lane = new PictureLane<>("analyse-faces", WAITING, () -> new Viewer(model, orientation));
  }

  /** On the lane's thread. */
  private final class Viewer implements PictureLane.Viewer<Note> {
    private final FaceSampler sampler;

    Viewer(Optional<Path> model, Orientation orientation) {
      sampler = new FaceSampler(model, orientation);
    }

    @Override
    public void onPicture(AVFrame picture, Note note) {
      sightings.add(sampler.look(picture, note.atUs(), note.motion()));
    }

    @Override
    public void close() {
      sampler.close();
    }
  }

  /**
   * @param picture lent for the call
   * @param motion since the picture before
   */
  void look(AVFrame picture, long atUs, Optional<MotionCentre> motion) {
    lane.give(picture, new Note(atUs, motion));
  }

  /** Waits until all pictures were looked at. */
  void finish() {
    lane.finish();
  }

  /** What was seen, in the order of looking; once it has finished. */
  List<FaceTracks.Sighting> sightings() {
    return List.copyOf(sightings);
  }

  /** Of the lane's thread, once it has finished. */
  long cpuNs() {
    return lane.cpuNs();
  }

  @Override
  public void close() {
    lane.close();
  }
}
