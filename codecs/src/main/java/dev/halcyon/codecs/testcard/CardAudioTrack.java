package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.AudioEncoder;
import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.core.media.Track;

/** Renders and encodes a test card's sound. One platform thread. */
final class CardAudioTrack extends CardTrack {
  private final TestCard card;
  private final int sampleRateHz;
  private final long endUs;
  private final AudioEncoder encoder;
  private final CardAudio sound;
  private final float[] frame;
  private final Track track;

  CardAudioTrack(TestCard card, TestCard.Audio audio, int trackIndex, long endUs) {
    this.card = card;
    this.endUs = endUs;
    sampleRateHz = audio.sampleRateHz();
    encoder = new AudioEncoder(audio.settings());
    frame = new float[encoder.frameSamples()];
    long firstSample = Math.ceilDiv(audio.offsetUs() * sampleRateHz, 1_000_000L);
    sound = new CardAudio(card.programme(), card.cardId(), sampleRateHz, firstSample);
    track = new Track(trackIndex, encoder.format());
  }

  @Override
  Track track() {
    return track;
  }

  @Override
  boolean encodeMore() {
    long firstSample = sound.nextSample();
    if (usOf(firstSample) >= endUs) {
      encoder.finish(this::onUnit);
      return false;
    }
    sound.render(frame);
    encoder.encode(frame, firstSample, this::onUnit);
    return true;
  }

  @Override
  public void close() {
    encoder.close();
  }

  private void onUnit(EncodedUnit unit) {
    long ptsUs = usOf(unit.pts());
    add(
        new CodedPacket(
            track,
            true,
            card.startUs() + ptsUs,
            card.startUs() + ptsUs,
            usOf(unit.pts() + frame.length) - ptsUs,
            unit.payload()));
  }

  /** To the nearest microsecond. */
  private long usOf(long sample) {
    return Math.floorDiv(Math.multiplyExact(sample, 2_000_000L) + sampleRateHz, 2L * sampleRateHz);
  }
}
