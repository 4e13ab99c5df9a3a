package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.FeedDemuxer;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.AacConfig;

/** A track of a container, on its way to a publication in the form that that wants. One thread. */
interface PulledTrack {
  /** As of every publisher: pictures first. */
  int VIDEO_TRACK = 0;

  int AUDIO_TRACK = 1;

  /**
   * @throws HalcyonException CORRUPT_MEDIA
   */
  void take(FeedDemuxer.Unit unit, Publication to);

  /**
   * @param described as the container does
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA for what cannot be taken
   */
  static PulledTrack of(Track described) {
    TrackFormat format = described.format();
    Bytes config = format.config();
    boolean isDescribed = !config.isEmpty() && config.at(0) == 1;
    return switch (format.codec()) {
      case H264 -> isDescribed ? lengthPrefixed(format, 4) : new StartCodeTrack(Codec.H264);
      case HEVC -> isDescribed ? lengthPrefixed(format, 21) : new StartCodeTrack(Codec.HEVC);
      case AAC ->
          config.isEmpty() ? new AdtsTrack() : new PlainTrack(AacConfig.parse(config.asBuffer()));
      default -> new PlainTrack(format);
    };
  }

  /**
   * @param lengthSizeAt byte of the configuration that tells the length of lengths
   */
  private static PulledTrack lengthPrefixed(TrackFormat format, int lengthSizeAt) {
    boolean isOfFour =
        format.config().length() > lengthSizeAt
            && (format.config().at(lengthSizeAt) & 3) == Integer.BYTES - 1;
    if (!isOfFour) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "NAL unit lengths of other than four bytes");
    }
    return new PlainTrack(format);
  }

  /** What can be handed on as it is. */
  final class PlainTrack implements PulledTrack {
    private final Track track;
    private boolean isAnnounced;

    PlainTrack(TrackFormat format) {
      this.track = new Track(format instanceof VideoFormat ? VIDEO_TRACK : AUDIO_TRACK, format);
    }

    @Override
    public void take(FeedDemuxer.Unit unit, Publication to) {
      if (!isAnnounced) {
        isAnnounced = true;
        to.onTrack(track);
      }
      to.onPacket(track.index(), unit.isKeyframe(), unit.ptsUs(), unit.dtsUs(), unit.payload());
    }
  }
}
