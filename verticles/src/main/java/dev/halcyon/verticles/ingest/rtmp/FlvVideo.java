package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.media.Vp8Header;
import dev.halcyon.verticles.ingest.media.Vp9Header;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The video track of an RTMP publisher: configurations and pictures. One thread. */
final class FlvVideo implements AutoCloseable {
  /** {@code av1C} before its units. */
  private static final int AV1_CONFIG_BYTES = 4;

  private final Publication publication;
  private final NalUnits nalUnits;
  private VideoFormat format;
  private int lengthBytes;

  FlvVideo(Publication publication, BufferAccount account) {
    this.publication = publication;
    this.nalUnits = new NalUnits(account);
  }

  /**
   * @param record as the codec's sample entry in a file has it
   * @throws HalcyonException CORRUPT_MEDIA
   */
  void configure(FourCc codec, ByteBuffer record) {
    switch (codec) {
      case AVC -> {
        AvcConfig config = AvcConfig.parse(record);
        lengthBytes = config.lengthBytes();
        announce(config.format());
      }
      case HEVC -> {
        HevcConfig config = HevcConfig.parse(record);
        lengthBytes = config.lengthBytes();
        announce(config.format());
      }
      case AV1 -> {
        int bytes = Math.min(AV1_CONFIG_BYTES, record.remaining());
        Av1Units.format(record.position(record.position() + bytes)).ifPresent(this::announce);
      }
      default -> {} // Keyframes of the others say it all.
    }
  }

  /**
   * @return whether it was taken: not before the configuration is known
   * @throws HalcyonException CORRUPT_MEDIA
   */
  boolean onPicture(FourCc codec, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer data) {
    if (isKeyframe) {
      learn(codec, data).ifPresent(this::announce);
    }
    if (format == null || format.codec() != codec.codec()) {
      return false;
    }
    ByteBuffer unit =
        switch (codec) {
          case AVC, HEVC -> nalUnits.normalised(data, lengthBytes);
          case AV1 -> Av1Units.withoutDelimiter(data);
          default -> data;
        };
    if (unit.hasRemaining()) {
      publication.onPacket(FlvDemuxer.VIDEO_TRACK, isKeyframe, ptsUs, dtsUs, unit);
    }
    return true;
  }

  /** What a keyframe says of itself. */
  private static Optional<VideoFormat> learn(FourCc codec, ByteBuffer keyframe) {
    return switch (codec) {
      case AV1 -> Av1Units.format(keyframe);
      case VP8 ->
          Vp8Header.isKeyframe(keyframe)
              ? Optional.of(Vp8Header.format(keyframe))
              : Optional.empty();
      case VP9 -> Vp9Header.keyframe(keyframe);
      default -> Optional.empty();
    };
  }

  private void announce(VideoFormat next) {
    if (!next.equals(format)) {
      format = next;
      publication.onTrack(new Track(FlvDemuxer.VIDEO_TRACK, next));
    }
  }

  @Override
  public void close() {
    nalUnits.close();
  }
}
