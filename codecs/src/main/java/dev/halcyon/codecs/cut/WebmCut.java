package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.matroska.MatroskaBlock;
import dev.halcyon.codecs.matroska.MatroskaFile;
import dev.halcyon.codecs.matroska.MatroskaTrack;
import dev.halcyon.codecs.mp4.PayloadSource;
import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.TrackCut;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import java.util.ArrayList;
import java.util.List;

/**
 * A planned cut as a WebM file: what VP8 goes into. WebM has no edit list; what an edit list would
 * say is said with what the formats have instead:
 *
 * <ul>
 *   <li>Pictures before the start are at time 0 and told not to be shown, by a bit in front of each
 *       (RFC 6386, 9.1): the one change to what is copied. They are decoded, and the first picture
 *       that a player shows is the clip's first one.
 *   <li>Nothing from behind the end is needed: VP8 has no pictures that look ahead in time.
 *   <li>Sound before the start is the codec delay, which players drop; that behind the end is
 *       discard padding of the last packet. Both are exact to the sample.
 *   <li>Times are whole milliseconds.
 * </ul>
 *
 * No state; any thread.
 */
final class WebmCut {
  /** RFC 6386, 9.1: a frame begins with three bytes; this bit of the first is show_frame. */
  private static final int SHOW_FRAME = 0x10;

  /** RFC 7845 section 4.6. */
  private static final long OPUS_SEEK_PREROLL_NS = 80_000_000;

  private WebmCut() {}

  /** Whether a cut belongs into WebM. */
  static boolean suits(CutPlan plan) {
    return plan.tracks().stream().anyMatch(track -> codec(track) == Codec.VP8);
  }

  /**
   * The file's tracks and blocks are those of the plan, index by index.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA when a track is of a codec that WebM does not carry;
   *     EPOCH_CROSSED when a track is presented in several parts
   */
  static MatroskaFile of(CutPlan plan) {
    if (plan.tracks().stream().anyMatch(WebmCut::isInParts)) {
      throw new HalcyonException(
          ErrorCode.EPOCH_CROSSED, "a clip with VP8 lies in one epoch: WebM has no edit list");
    }
    long durationUs = plan.contract().deliveredEndUs() - plan.contract().deliveredStartUs();
    return MatroskaFile.of(
        MatroskaFile.DocumentType.WEBM,
        plan.tracks().stream().map(WebmCut::track).toList(),
        durationUs);
  }

  /** The payloads of a plan, with those that are not to be shown saying so. */
  static PayloadSource hiding(CutPlan plan, PayloadSource source) {
    return (track, sample, target) -> {
      int at = target.position();
      source.read(track, sample, target);
      TrackCut cut = plan.tracks().get(track);
      if (cut.isVideo() && target.position() > at && isHidden(cut, cut.samples().get(sample))) {
        target.put(at, (byte) (target.get(at) & ~SHOW_FRAME));
      }
    };
  }

  private static MatroskaTrack track(TrackCut cut) {
    return cut.isVideo() ? pictures(cut) : sound(cut);
  }

  private static Codec codec(TrackCut cut) {
    return cut.formats().getFirst().codec();
  }

  private static boolean isInParts(TrackCut cut) {
    return cut.edits().stream().filter(edit -> !edit.isEmpty()).count() > 1;
  }

  private static CutEdit presented(TrackCut cut) {
    return cut.edits().getLast();
  }

  private static long lateUs(TrackCut cut) {
    return cut.edits().stream().filter(CutEdit::isEmpty).mapToLong(CutEdit::durationUs).sum();
  }

  private static long ticks(CutSample sample) {
    return sample.decodeTicks() + sample.compositionOffsetTicks();
  }

  private static boolean isHidden(TrackCut cut, CutSample sample) {
    return ticks(sample) < presented(cut).mediaTicks();
  }

  private static MatroskaTrack pictures(TrackCut cut) {
    List<MatroskaBlock> blocks = new ArrayList<>(cut.samples().size());
    long endTicks = presented(cut).mediaTicks() + presented(cut).durationUs();
    for (CutSample sample : cut.samples()) {
      boolean isLast = blocks.size() == cut.samples().size() - 1;
      long atUs = lateUs(cut) + Math.max(0, ticks(sample) - presented(cut).mediaTicks());
      blocks.add(
          new MatroskaBlock(
              atUs,
              atUs,
              isLast ? Math.max(1, endTicks - ticks(sample)) : hiddenUs(cut, sample),
              sample.packet().sizeBytes(),
              kind(sample.packet().isKeyframe(), isHidden(cut, sample)),
              0));
    }
    return new MatroskaTrack(cut.formats().getFirst(), 0, 0, blocks);
  }

  /**
   * FFmpeg, and with it Chromium, takes blocks at the time of a file's first one for blocks without
   * a time and spreads them out, unless the first one says how long it lasts.
   */
  private static long hiddenUs(TrackCut cut, CutSample sample) {
    boolean isFirst = sample.equals(cut.samples().getFirst());
    return isFirst && isHidden(cut, sample) ? MatroskaFile.UNIT_US : 0;
  }

  private static MatroskaBlock.Kind kind(boolean isKeyframe, boolean isHidden) {
    if (isHidden) {
      return isKeyframe ? MatroskaBlock.Kind.HIDDEN_KEYFRAME : MatroskaBlock.Kind.HIDDEN;
    }
    return isKeyframe ? MatroskaBlock.Kind.KEYFRAME : MatroskaBlock.Kind.OTHER;
  }

  /** Blocks are later than they sound by the codec delay, which is the part that is skipped. */
  private static MatroskaTrack sound(TrackCut cut) {
    List<MatroskaBlock> blocks = new ArrayList<>(cut.samples().size());
    long endUs = us(cut, presented(cut).mediaTicks()) + presented(cut).durationUs();
    for (CutSample sample : cut.samples()) {
      boolean isLast = blocks.size() == cut.samples().size() - 1;
      long atUs = us(cut, sample.decodeTicks());
      long behindUs = us(cut, sample.decodeTicks() + sample.durationTicks()) - endUs;
      blocks.add(
          new MatroskaBlock(
              lateUs(cut) + atUs,
              lateUs(cut) + atUs,
              0,
              sample.packet().sizeBytes(),
              MatroskaBlock.Kind.KEYFRAME,
              isLast ? Math.max(0, behindUs) : 0));
    }
    long delayNs = Math.round(presented(cut).mediaTicks() * 1e9 / cut.timescaleHz());
    long seekPrerollNs = codec(cut) == Codec.OPUS ? OPUS_SEEK_PREROLL_NS : 0;
    return new MatroskaTrack(cut.formats().getFirst(), delayNs, seekPrerollNs, blocks);
  }

  private static long us(TrackCut cut, long ticks) {
    return Math.round(ticks * 1e6 / cut.timescaleHz());
  }
}
