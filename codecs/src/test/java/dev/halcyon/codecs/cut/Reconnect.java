package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import java.nio.file.Path;

/** For tests: how a publisher that comes back differs from before. */
enum Reconnect {
  SAME,
  OTHER_SIZE,
  /** The same size in a configuration that differs. */
  OTHER_PARAMETER_SETS,
  HEVC_OF_OTHER_SIZE;

  static final int WIDTH_PX = 320;
  static final int HEIGHT_PX = 180;

  /**
   * A window that begins and ends between keyframes, over both. No keyframe lies closer to its end
   * than the one before it to its beginning: GStreamer 1.22 stops there, for it takes what an edit
   * list hides for shown.
   */
  static final long FROM_US = 1_130_000;

  static final long TO_US = 5_410_000;
  private static final long LENGTH_US = 2_400_000;
  private static final long BACK_US = 4_017_000;

  /** A ring to which both have sent. */
  EpochRing publish(Path file) {
    return new EpochRing(file).then(before(), LENGTH_US, 0).then(after(), LENGTH_US, BACK_US).all();
  }

  static CutRequest request() {
    return new CutRequest(FROM_US, TO_US, CutRequest.Outside.REFUSE);
  }

  private TestCard before() {
    return card(1).build();
  }

  private TestCard after() {
    return switch (this) {
      case SAME -> card(2).build();
      case OTHER_SIZE, HEVC_OF_OTHER_SIZE -> card(2).size(480, 270).build();
      case OTHER_PARAMETER_SETS -> card(2).bFrames(0).build();
    };
  }

  /** Of whole milliseconds a picture, as stamps of RTMP are. */
  private TestCard.Builder card(int id) {
    return TestCard.builder()
        .video(this == HEVC_OF_OTHER_SIZE ? Codec.HEVC : Codec.H264)
        .size(WIDTH_PX, HEIGHT_PX)
        .frameRate(new FrameRate(25, 1))
        .gop(25)
        .bFrames(2)
        .audioBitrate(192_000)
        .cardId(id);
  }
}
