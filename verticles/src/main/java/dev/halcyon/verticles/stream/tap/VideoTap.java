package dev.halcyon.verticles.stream.tap;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.decode.VideoDecoder;
import dev.halcyon.codecs.video.FrameScaler;
import dev.halcyon.codecs.video.SceneScorer;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;

/**
 * Decodes keyframes of a stream's first video track, at most four a second, and measures how much
 * each differs from the one before.
 */
public final class VideoTap extends Tap {
  /** At most four a second of stream time; an all-keyframe stream would cost a whole decode. */
  private static final long MIN_SPACING_US = 250_000;

  private final SceneScorer scorer = new SceneScorer();
  private final TapListener listener;

  private VideoFormat format;
  private boolean isRefused;
  private long arrivalUs;
  private long lastPtsUs;
  private boolean hasLast;

  /** Both null while none is needed. */
  private VideoDecoder decoder;

  private FrameScaler scaler;

  public VideoTap(Ring ring, TapListener listener) {
    super(ring);
    this.listener = listener;
  }

  @Override
  boolean isFirst() {
    return false;
  }

  @Override
  boolean isFor(Track candidate) {
    return candidate.format() instanceof VideoFormat;
  }

  @Override
  void onConfiguration(Track configured) {
    format = (VideoFormat) configured.format();
    isRefused = false;
  }

  @Override
  void onBreak() {
    scorer.reset();
    hasLast = false;
  }

  @Override
  boolean isWanted(RingCursor packet) {
    return !isRefused
        && packet.isKeyframe()
        && (!hasLast || Math.abs(packet.ptsUs() - lastPtsUs) >= MIN_SPACING_US);
  }

  @Override
  long onPacket(RingCursor packet, PayloadBuffer payload) {
    lastPtsUs = packet.ptsUs();
    arrivalUs = packet.arrivalUs();
    hasLast = true;
    try {
      prepare();
    } catch (HalcyonException failure) {
      isRefused = true;
      refuse(format, failure);
      free();
      return 0;
    }
    decoder.decode(payload.packet(), true, packet.ptsUs(), this::onPicture);
    return decoder.corruptPackets();
  }

  private void prepare() {
    if (decoder == null) {
      decoder = new VideoDecoder(format, VideoDecoder.Mode.COARSE_KEYFRAMES);
    } else {
      decoder.reconfigure(format);
    }
    if (scaler == null) {
      scaler = new FrameScaler();
    }
  }

  private void onPicture(Picture picture) {
    scorer.score(scaler.scale(picture)).ifPresent(score -> listener.onScene(score, arrivalUs));
  }

  @Override
  void free() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
    if (scaler != null) {
      scaler.close();
      scaler = null;
    }
  }
}
