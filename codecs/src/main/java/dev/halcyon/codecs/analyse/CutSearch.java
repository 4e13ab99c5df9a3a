package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.probe.ForeignFile;
import dev.halcyon.codecs.video.CutFinder;
import dev.halcyon.codecs.video.FrameScaler;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Looks for cuts in some stretches of a file, picture by picture. One platform thread. */
final class CutSearch {
  /** Pictures beyond a stretch that tell whether a cut at its end is one. */
  private static final int BEYOND = CutFinder.AHEAD + 2;

  private final AnalysisInput input;
  private TimeSpan stretch = new TimeSpan(0, 0);
  private CutFinder finder = new CutFinder();
  private long lastUs;
  private int beyond;

  CutSearch(AnalysisInput input) {
    this.input = input;
  }

  /**
   * @param stretches in order of time, each beginning at a keyframe
   * @param fraction of the whole that is done, for the listener
   * @return empty when the container does not let us go to a time
   */
  Optional<List<SceneCut>> find(List<TimeSpan> stretches, double fraction) {
    List<SceneCut> cuts = new ArrayList<>();
    int picture = input.picture().orElseThrow();
    ForeignFile.select(input.demuxer(), Set.of(picture));
    long allUs = Math.max(1, stretches.stream().mapToLong(TimeSpan::lengthUs).sum());
    double done = fraction;
    try (FrameScaler scaler = FrameScaler.quick();
        PictureDecoder decoder =
            new PictureDecoder(
                input, PictureDecoder.Mode.ALL, (frame, atUs) -> onPicture(scaler, frame, atUs))) {
      for (TimeSpan next : stretches) {
        double share = (1 - fraction) * next.lengthUs() / allUs;
        input.progress().begin(done, share, next.fromUs(), next.lengthUs());
        if (!search(decoder, picture, next)) {
          return Optional.empty();
        }
        finder.end().stream().filter(cut -> isNew(cuts, cut)).forEach(cuts::add);
        done += share;
      }
    }
    return Optional.of(cuts);
  }

  private static boolean isNew(List<SceneCut> cuts, SceneCut cut) {
    return cuts.isEmpty() || cut.atUs() > cuts.getLast().atUs();
  }

  private boolean search(PictureDecoder decoder, int picture, TimeSpan next) {
    stretch = next;
    finder = new CutFinder();
    lastUs = Long.MIN_VALUE;
    beyond = 0;
    try {
      input.demuxer().seek(picture, next.fromUs() + input.probe().startUs());
    } catch (HalcyonException refused) {
      if (refused.code() != ErrorCode.IO_FAILED) {
        throw refused;
      }
      return false;
    }
    decoder.restart();
    new AnalysisPass(input.demuxer(), input.progress())
        .read(
            packet -> {
              if (packet.pointer().stream_index() == picture) {
                decoder.decode(packet);
              }
            },
            () -> beyond >= BEYOND);
    decoder.end();
    return lastUs >= next.toUs();
  }

  private void onPicture(FrameScaler scaler, AVFrame frame, long atUs) {
    if (atUs < stretch.fromUs() || atUs <= lastUs || beyond >= BEYOND) {
      return;
    }
    lastUs = atUs;
    beyond += atUs > stretch.toUs() ? 1 : 0;
    finder.add(scaler.scale(new Picture(atUs, frame)));
  }
}
