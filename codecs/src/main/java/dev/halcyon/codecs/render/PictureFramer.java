package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.render.RegionScaler.Place;
import dev.halcyon.core.reframe.CropRect;
import dev.halcyon.core.render.FramePlan;
import dev.halcyon.core.render.PictureForm;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Fills the frame of a clip from a picture of the source, as its view says. One platform thread;
 * owns its native objects; closed by who made it.
 */
final class PictureFramer implements AutoCloseable {
  private final PictureForm form;
  private final RegionScaler upper = new RegionScaler();
  private final RegionScaler lower = new RegionScaler();
  private final BlurredGround ground;
  private final FrameHandle target;

  PictureFramer(PictureForm form) {
    this.form = form;
    ground = new BlurredGround(form);
    target = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P, form.widthPx(), form.heightPx());
  }

  /**
   * The result is lent until the next call, and may be written until then.
   *
   * @param source upright; lent for the call
   * @param displayRatio how wide it is shown, for its height
   */
  FrameHandle frame(AVFrame source, double displayRatio, FramePlan plan) {
    return switch (plan.view().layout()) {
      case SINGLE ->
          upper.region(
              source,
              plan.view().rects().getFirst(),
              plan.stills().getFirst(),
              form.widthPx(),
              form.heightPx());
      case SPLIT -> split(source, plan);
      case PAD -> padded(source, displayRatio);
    };
  }

  private FrameHandle split(AVFrame source, FramePlan plan) {
    target.makeWritable();
    int halfPx = form.heightPx() / 4 * 2;
    region(upper, source, plan, 0, new Place(0, 0, form.widthPx(), halfPx));
    region(lower, source, plan, 1, new Place(0, halfPx, form.widthPx(), form.heightPx() - halfPx));
    return target;
  }

  private FrameHandle padded(AVFrame source, double displayRatio) {
    Place place = fitted(displayRatio);
    if (place.equals(new Place(0, 0, form.widthPx(), form.heightPx()))) {
      return upper.region(source, CropRect.WHOLE, true, form.widthPx(), form.heightPx());
    }
    target.makeWritable();
    ground.draw(source, displayRatio, target);
    upper.draw(source, CropRect.WHOLE, true, target, place);
    return target;
  }

  private void region(
      RegionScaler scaler, AVFrame source, FramePlan plan, int camera, Place place) {
    scaler.draw(source, plan.view().rects().get(camera), plan.stills().get(camera), target, place);
  }

  /** As large as all of the source fits in, in the middle. */
  private Place fitted(double displayRatio) {
    double scale = Math.min(form.widthPx() / displayRatio, form.heightPx());
    int widthPx = even(scale * displayRatio, form.widthPx());
    int heightPx = even(scale, form.heightPx());
    return new Place(
        (form.widthPx() - widthPx) / 4 * 2,
        (form.heightPx() - heightPx) / 4 * 2,
        widthPx,
        heightPx);
  }

  private static int even(double px, int most) {
    return Math.clamp(2 * Math.round(px / 2), 2, most);
  }

  @Override
  public void close() {
    target.close();
    ground.close();
    lower.close();
    upper.close();
  }
}
