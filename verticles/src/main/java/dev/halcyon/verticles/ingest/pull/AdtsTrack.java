package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.Adts;
import dev.halcyon.codecs.mux.FeedDemuxer;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Track;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.AacConfig;

/** AAC with a header before each access unit, as MPEG-TS has it. One thread. */
final class AdtsTrack implements PulledTrack {
  private Bytes config = Bytes.EMPTY;

  @Override
  public void take(FeedDemuxer.Unit unit, Publication to) {
    byte[] frame = new byte[unit.payload().remaining()];
    unit.payload().get(frame);
    Bytes stated = Adts.config(frame);
    if (!stated.equals(config)) {
      to.onTrack(new Track(AUDIO_TRACK, AacConfig.parse(stated.asBuffer())));
      config = stated;
    }
    to.onPacket(
        AUDIO_TRACK, unit.isKeyframe(), unit.ptsUs(), unit.dtsUs(), Adts.payload(frame).asBuffer());
  }
}
