package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.VideoEncoder;
import dev.halcyon.core.media.Track;

/** Draws and encodes a test card's pictures. One platform thread. */
final class CardVideoTrack extends CardTrack {
  private final TestCard card;
  private final TestCard.Video video;
  private final long endUs;
  private final Track firstTrack;
  private VideoEncoder encoder;
  private CardPicture picture;
  private Track track;
  private int nextFrame;

  CardVideoTrack(TestCard card, TestCard.Video video, long endUs) {
    this.card = card;
    this.video = video;
    this.endUs = endUs;
    open(video.widthPx(), video.heightPx());
    firstTrack = track;
  }

  @Override
  Track track() {
    return firstTrack;
  }

  @Override
  boolean encodeMore() {
    long timeUs = video.timeUs(nextFrame);
    if (timeUs >= endUs || nextFrame > FrameStamp.MAX_INDEX) {
      encoder.finish(this::onUnit);
      return false;
    }
    video
        .sizeChange()
        .filter(change -> change.atFrame() == nextFrame)
        .ifPresent(
            change -> {
              encoder.finish(this::onUnit);
              encoder.close();
              open(change.widthPx(), change.heightPx());
            });
    YuvCanvas drawn =
        picture.draw(
            new FrameStamp(nextFrame, card.cardId(), timeUs), card.programme().sceneAt(timeUs));
    encoder.encode(drawn.plane(0), drawn.plane(1), drawn.plane(2), nextFrame, this::onUnit);
    nextFrame++;
    return true;
  }

  @Override
  public void close() {
    encoder.close();
  }

  private void open(int widthPx, int heightPx) {
    encoder = new VideoEncoder(video.settings(widthPx, heightPx));
    picture = new CardPicture(widthPx, heightPx);
    track = new Track(0, encoder.format());
  }

  /** The encoder counts pictures; a dts is the time of the picture with that number. */
  private void onUnit(EncodedUnit unit) {
    long ptsUs = video.timeUs(unit.pts());
    add(
        new CodedPacket(
            track,
            unit.isKeyframe(),
            card.startUs() + ptsUs,
            card.startUs() + video.timeUs(unit.dts()),
            video.timeUs(unit.pts() + 1) - ptsUs,
            unit.payload()));
  }
}
