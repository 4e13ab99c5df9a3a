package dev.halcyon.codecs.verify;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.clip.verify.MeasuredFile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Looks at the presented pictures of a file, one after the other. One thread; owns frames. */
final class PictureGauge implements AutoCloseable {
  /** Pictures at each edge that are compared with the media: a repeated one shows within two. */
  static final int EDGE = 3;

  /** More than any codec reorders by. */
  private static final int MAX_REORDERED = 64;

  private final List<Edge> first = new ArrayList<>();
  private final Deque<Edge> last = new ArrayDeque<>();
  private final Map<Long, Long> positions = new LinkedHashMap<>();
  private final GapFinder gaps = new GapFinder();
  private int presented;
  private long firstUs;
  private long lastUs;
  private long lastDurationUs;

  /** A picture at an edge; the last ones are digested only once they are known to be that. */
  private record Edge(long position, FrameHandle picture) {}

  /**
   * A packet whose picture will be presented.
   *
   * @param position in the file
   */
  void onPacket(long ptsUs, long position) {
    positions.put(ptsUs, position);
    if (positions.size() > MAX_REORDERED) {
      positions.remove(positions.keySet().iterator().next());
    }
  }

  /**
   * @param atUs {@code AV_NOPTS_VALUE} where the file does not say
   * @param durationUs 0 where the file does not say
   */
  void onPicture(AVFrame picture, long atUs, long durationUs) {
    long shownUs = atUs == AV_NOPTS_VALUE ? lastUs + lastDurationUs : atUs;
    if (presented == 0) {
      firstUs = shownUs;
    } else {
      gaps.onPicture(lastUs, shownUs);
    }
    lastDurationUs = durationUs > 0 || presented == 0 ? durationUs : shownUs - lastUs;
    lastUs = shownUs;
    presented++;
    keep(picture, positions.getOrDefault(shownUs, -1L));
  }

  private void keep(AVFrame picture, long position) {
    if (first.size() < EDGE) {
      first.add(referTo(picture, position));
    }
    last.addLast(referTo(picture, position));
    if (last.size() > EDGE) {
      last.removeFirst().picture().close();
    }
  }

  private static Edge referTo(AVFrame picture, long position) {
    FrameHandle reference = new FrameHandle();
    try {
      reference.refer(picture);
      return new Edge(position, reference);
    } catch (RuntimeException failure) {
      reference.close();
      throw failure;
    }
  }

  List<ShownPicture> first() {
    return first.stream().map(PictureGauge::digested).toList();
  }

  List<ShownPicture> last() {
    return last.stream().map(PictureGauge::digested).toList();
  }

  private static ShownPicture digested(Edge edge) {
    return new ShownPicture(edge.position(), PictureDigest.of(edge.picture().pointer()));
  }

  /**
   * @param editedEndUs where the edit list ends the last picture; empty where the file has none
   */
  Optional<MeasuredFile.Pictures> measured(MediaEdges media, OptionalLong editedEndUs) {
    if (presented == 0) {
      return Optional.empty();
    }
    long endUs = editedEndUs.orElse(lastUs + lastDurationUs);
    return Optional.of(
        new MeasuredFile.Pictures(
            presented,
            firstUs,
            lastUs,
            endUs,
            editedEndUs.isPresent() ? OptionalLong.of(media.trimUs()) : OptionalLong.empty(),
            gaps.found(lastUs, endUs),
            media.edges()));
  }

  @Override
  public void close() {
    first.forEach(edge -> edge.picture().close());
    last.forEach(edge -> edge.picture().close());
    first.clear();
    last.clear();
  }
}
