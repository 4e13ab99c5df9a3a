package dev.halcyon.codecs.video;

import dev.halcyon.codecs.decode.VideoDecoder;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes the still picture that stands for a clip: a JPEG. Any platform thread, one a call. */
public final class PosterMaker {
  /** Keyframes are looked at, which cost one decoded picture each. */
  private static final int KEYFRAMES = 8;

  /** With fewer keyframes, pictures between them are looked at as well. */
  private static final int ENOUGH = 4;

  private static final int BETWEEN = 4;

  /** Around the moment for which the clip was made, which costs decoding up to there. */
  private static final long[] AROUND_MOMENT_US = {-400_000, 0, 400_000};

  /** The moment is what the clip is about: it may be a little less sharp than the rest. */
  private static final double MOMENT_WEIGHT = 1.15;

  /** A bound on the work: four seconds at 60 pictures a second. */
  private static final int BUDGET_FRAMES = 240;

  private PosterMaker() {}

  /**
   * The sharpest, not black and not empty picture among a few of a file.
   *
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA when the file has no picture that can
   *     be decoded
   */
  public static byte[] fromFile(Path file) {
    return fromFile(file, OptionalLong.empty());
  }

  /**
   * As {@link #fromFile(Path)}, rather near a moment.
   *
   * @param momentUs since the file's start, for which the clip was made
   */
  public static byte[] fromFile(Path file, OptionalLong momentUs) {
    try (PictureFinder finder = PictureFinder.open(file, BUDGET_FRAMES);
        PosterCandidate best = new PosterCandidate(finder.orientation())) {
      candidates(finder, momentUs)
          .forEach((atUs, weight) -> best.offer(finder.at(atUs).frame(), weight));
      return best.toJpeg();
    }
  }

  /** Where to look, in the order of time, and how much each place counts. */
  private static SortedMap<Long, Double> candidates(PictureFinder finder, OptionalLong momentUs) {
    long lengthUs = finder.lengthUs();
    SortedMap<Long, Double> places = new TreeMap<>();
    for (int i = 0; i < KEYFRAMES; i++) {
      places.put(finder.keyframeUs(lengthUs * (2 * i + 1) / (2 * KEYFRAMES)), 1.0);
    }
    for (int i = 0; i < BETWEEN && places.size() < ENOUGH; i++) {
      places.put(lengthUs * (2 * i + 1) / (2 * BETWEEN), 1.0);
    }
    momentUs.ifPresent(
        us -> {
          for (long aroundUs : AROUND_MOMENT_US) {
            if (us + aroundUs >= 0 && us + aroundUs < lengthUs) {
              places.put(us + aroundUs, MOMENT_WEIGHT);
            }
          }
        });
    return places;
  }

  /**
   * The picture of one keyframe.
   *
   * @param payload as {@link VideoFormat} frames it; the position stays
   * @throws HalcyonException CORRUPT_MEDIA when it cannot be decoded
   */
  public static byte[] fromKeyframe(VideoFormat format, ByteBuffer payload) {
    try (VideoDecoder decoder = new VideoDecoder(format, VideoDecoder.Mode.KEYFRAMES);
        PosterCandidate only = new PosterCandidate(format.display().orientation())) {
      decoder.decode(payload, true, 0, picture -> only.offer(picture.frame(), 1));
      return only.toJpeg();
    }
  }
}
