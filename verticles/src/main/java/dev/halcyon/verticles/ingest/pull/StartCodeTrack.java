package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.FeedDemuxer;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.AvcParameterSets;
import dev.halcyon.verticles.ingest.media.HevcParameterSets;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * H.264 or HEVC between start codes (Annex B), as MPEG-TS has it. Parameter sets are learnt and
 * taken out of the pictures, as are delimiters and filler. One thread.
 */
final class StartCodeTrack implements PulledTrack {
  private static final Logger log = LoggerFactory.getLogger(StartCodeTrack.class);
  private static final int LENGTH_BYTES = 4;

  private final Codec codec;
  private final AvcParameterSets avc = new AvcParameterSets();
  private final HevcParameterSets hevc = new HevcParameterSets();
  private byte[] picture = new byte[64 << 10];
  private int pictureBytes;
  private boolean hasNewSets;
  private Optional<VideoFormat> announced = Optional.empty();

  StartCodeTrack(Codec codec) {
    this.codec = codec;
  }

  @Override
  public void take(FeedDemuxer.Unit unit, Publication to) {
    byte[] stream = new byte[unit.payload().remaining()];
    unit.payload().get(stream);
    // Each start code of three bytes becomes a length of four.
    int mostBytes = stream.length + stream.length / 3 + LENGTH_BYTES;
    if (picture.length < mostBytes) {
      picture = new byte[mostBytes + mostBytes / 4];
    }
    pictureBytes = 0;
    split(stream);
    if (hasNewSets) {
      announce(to);
    }
    if (announced.isPresent() && pictureBytes > 0) {
      to.onPacket(
          VIDEO_TRACK,
          unit.isKeyframe(),
          unit.ptsUs(),
          unit.dtsUs(),
          ByteBuffer.wrap(picture, 0, pictureBytes));
    }
  }

  private void split(byte[] stream) {
    int start = -1;
    int last = stream.length - 2;
    for (int i = 0; i < last; i++) {
      if ((stream[i + 2] & 0xff) > 1) {
        i += 2;
      } else if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        take(stream, start, i);
        start = i + 3;
        i += 2;
      }
    }
    take(stream, start, stream.length);
  }

  /** A unit without the zeros that may trail it. */
  private void take(byte[] stream, int start, int end) {
    if (start < 0) {
      return;
    }
    int last = end;
    while (last > start && stream[last - 1] == 0) {
      last--;
    }
    if (last == start) {
      return;
    }
    if (isParameterSet(stream[start])) {
      learn(Arrays.copyOfRange(stream, start, last));
    } else if (isOfPicture(stream[start])) {
      ByteBuffer.wrap(picture).putInt(pictureBytes, last - start);
      System.arraycopy(stream, start, picture, pictureBytes + LENGTH_BYTES, last - start);
      pictureBytes += LENGTH_BYTES + last - start;
    }
  }

  private boolean isParameterSet(byte header) {
    if (codec == Codec.H264) {
      int type = header & 0x1f;
      return type == AvcParameterSets.SPS_NAL_TYPE || type == AvcParameterSets.PPS_NAL_TYPE;
    }
    int type = HevcParameterSets.typeOf(header);
    return type >= HevcParameterSets.VPS_NAL_TYPE && type <= HevcParameterSets.PPS_NAL_TYPE;
  }

  /** Slices, and messages about them. */
  private boolean isOfPicture(byte header) {
    if (codec == Codec.H264) {
      int type = header & 0x1f;
      return type >= 1 && type <= 6;
    }
    int type = HevcParameterSets.typeOf(header);
    return type < HevcParameterSets.VPS_NAL_TYPE || type == 39 || type == 40;
  }

  /** One that cannot be read leaves those before in force; it may come again, and right. */
  private void learn(byte[] nal) {
    hasNewSets = true;
    try {
      if (codec == Codec.H264) {
        avc.add(nal);
      } else {
        hevc.add(nal);
      }
    } catch (HalcyonException unreadable) {
      log.debug("parameter set passed over: {}", unreadable.getMessage());
    }
  }

  private void announce(Publication to) {
    hasNewSets = false;
    Optional<VideoFormat> now =
        codec == Codec.H264
            ? avc.first().map(AvcParameterSets.Active::format)
            : hevc.first().map(HevcParameterSets.Active::format);
    if (now.isPresent() && !now.equals(announced)) {
      announced = now;
      to.onTrack(new Track(VIDEO_TRACK, now.get()));
    }
  }
}
