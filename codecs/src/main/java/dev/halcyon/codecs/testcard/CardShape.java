package dev.halcyon.codecs.testcard;

import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The shapes of media that clips are proven on: each codec with each way in which its pictures may
 * depend on each other, each pattern of their times, and each kind of sound.
 */
public enum CardShape {
  H264(card -> card),
  H264_REORDERED(card -> card.bFrames(3)),
  /** Stamps as RTMP has them. */
  H264_MILLISECONDS(1_000, card -> card.bFrames(3).frameRate(FrameRate.FPS_29_97)),
  H264_OPEN_GOP(card -> card.bFrames(2).gop(20).openGop()),
  H264_OPEN_GOP_PYRAMID(card -> card.bFrames(6).gop(24).openGop().frameRate(FrameRate.FPS_60)),
  H264_SHORT_OPEN_GOP(1_000, card -> card.bFrames(3).gop(8).openGop()),
  H264_REFRESHED(card -> card.refreshed().gop(20)),
  H264_KEYFRAMES_ONLY(card -> card.gop(1)),
  H264_ONE_KEYFRAME(card -> card.bFrames(2).gop(10_000)),
  H264_VARIABLE_RATE(card -> card.bFrames(2).frameTicks(1, 2, 1, 3)),
  H264_VARIABLE_RATE_MILLISECONDS(
      1_000, card -> card.bFrames(3).frameRate(FrameRate.FPS_60).frameTicks(1, 1, 2, 1, 3, 5)),
  H264_LOW_RATE(card -> card.bFrames(1).frameRate(new FrameRate(5, 1)).gop(10)),
  H264_FIELDS(card -> card.bFrames(2).frameRate(FrameRate.FPS_25).interlaced()),
  H264_FIELDS_OPEN_GOP(
      card -> card.bFrames(2).gop(20).frameRate(FrameRate.FPS_29_97).interlaced().openGop()),
  H264_RESIZED(card -> card.bFrames(2).gop(15).sizeChange(45, 256, 144)),
  H264_TURNED(card -> card.bFrames(2).display(Display.turned(Orientation.CLOCKWISE_90))),
  H264_ANAMORPHIC(card -> card.bFrames(2).display(shown(new SampleAspect(16, 11)))),
  H264_LATE_SOUND(card -> card.bFrames(2).audioOffset(1_333_000)),
  H264_LATE_PICTURES(card -> card.bFrames(2).videoOffset(1_210_000)),
  H264_OPUS(card -> card.bFrames(2).audio(Codec.OPUS)),
  H264_LONG_OPUS(card -> card.bFrames(2).audio(Codec.OPUS).audioFrame(60_000)),
  H264_SHORT_OPUS(1_000, card -> card.bFrames(2).audio(Codec.OPUS).audioFrame(2_500)),
  H264_SLOW_SOUND(card -> card.bFrames(2).sampleRate(16_000).channels(1).audioBitrate(48_000)),
  H264_44100_HZ(1_000, card -> card.bFrames(2).sampleRate(44_100)),
  H264_ALONE(card -> card.bFrames(3).openGop().gop(15).noAudio()),
  HEVC(card -> card.video(Codec.HEVC)),
  HEVC_REORDERED(card -> card.video(Codec.HEVC).bFrames(4)),
  HEVC_OPEN_GOP(card -> card.video(Codec.HEVC).bFrames(3).gop(20).openGop()),
  HEVC_VARIABLE_RATE(
      1_000, card -> card.video(Codec.HEVC).bFrames(3).gop(12).openGop().frameTicks(2, 1, 1)),
  HEVC_HDR10(card -> card.video(Codec.HEVC).bFrames(3).display(hdr10())),
  HEVC_HLG(card -> card.video(Codec.HEVC).bFrames(3).display(hlg()).audio(Codec.OPUS)),
  AV1(card -> card.video(Codec.AV1)),
  AV1_HIDDEN_REFERENCES(card -> card.video(Codec.AV1).bFrames(1).audio(Codec.OPUS)),
  VP9(card -> card.video(Codec.VP9).audio(Codec.OPUS)),
  VP9_HIDDEN_REFERENCES(card -> card.video(Codec.VP9).bFrames(1).frameTicks(1, 3)),
  VP8(1_000, card -> card.video(Codec.VP8).audio(Codec.OPUS)),
  VP8_ALONE(card -> card.video(Codec.VP8).noAudio().frameTicks(1, 2)),
  AAC_ALONE(card -> card.noVideo()),
  AAC_ALONE_MILLISECONDS(1_000, card -> card.noVideo().sampleRate(44_100).channels(1)),
  OPUS_ALONE(card -> card.noVideo().audio(Codec.OPUS));

  private static final int CARD_ID = 7;

  private final long stampUs;

  /** Captures nothing, keeps nothing. */
  @SuppressWarnings("ImmutableEnumChecker")
  private final UnaryOperator<TestCard.Builder> shape;

  CardShape(UnaryOperator<TestCard.Builder> shape) {
    this(1, shape);
  }

  CardShape(long stampUs, UnaryOperator<TestCard.Builder> shape) {
    this.stampUs = stampUs;
    this.shape = shape;
  }

  /** The card, of small pictures and with a GOP of one second unless the shape is another. */
  public TestCard card() {
    return shape.apply(TestCard.builder().size(192, 108).cardId(CARD_ID)).build();
  }

  /** Its source stamps packets in whole multiples of this. */
  public long stampUs() {
    return stampUs;
  }

  /** A time as the source stamps it. */
  public long stamped(long us) {
    return Math.floorDiv(2 * us + stampUs, 2 * stampUs) * stampUs;
  }

  private static Display shown(SampleAspect aspect) {
    return new Display(
        Orientation.UPRIGHT,
        Optional.of(aspect),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Display hdr10() {
    MasteringDisplay p3 =
        new MasteringDisplay(
            new Point(13_250, 34_500),
            new Point(7_500, 3_000),
            new Point(34_000, 16_000),
            new Point(15_635, 16_450),
            10_000_000,
            50);
    return new Display(
        Orientation.UPRIGHT,
        Optional.empty(),
        Optional.of(new ColourCode(ColourCode.BT2020, ColourCode.PQ, 9, false)),
        Optional.of(p3),
        Optional.of(new ContentLight(1_000, 400)));
  }

  private static Display hlg() {
    return new Display(
        Orientation.UPRIGHT,
        Optional.empty(),
        Optional.of(new ColourCode(ColourCode.BT2020, ColourCode.HLG, 9, false)),
        Optional.empty(),
        Optional.empty());
  }
}
