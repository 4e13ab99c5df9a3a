package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns FLV tag bodies (Adobe, "Video File Format Specification" 10.1, annex E.4) into tracks and
 * packets. One thread: the publication's.
 *
 * <pre>
 *   video   0 frame type:4 codec:4 = 7 | 1 packet type | 2 composition offset ms, signed 24 | 5 data
 *   audio   0 format:4 = 10, rate:2 size:1 type:1 | 1 packet type | 2 data
 * </pre>
 */
final class FlvDemuxer implements AutoCloseable {
  static final int VIDEO_TRACK = 0;
  static final int AUDIO_TRACK = 1;

  private static final int VIDEO_HEADER_BYTES = 5;
  private static final int AUDIO_HEADER_BYTES = 2;
  private static final int ENHANCED_VIDEO = 0x80;
  private static final int ENHANCED_AUDIO = 9;
  private static final int AVC = 7;
  private static final int AAC = 10;
  private static final int KEY_FRAME = 1;
  private static final int COMMAND_FRAME = 5;
  private static final int CONFIGURATION = 0;
  private static final int CODED = 1;
  private static final int END_OF_SEQUENCE = 2;

  /** Ten seconds of pictures: whoever has not said by then how they are coded never will. */
  private static final int MAX_UNDECODABLE_PACKETS = 250;

  private final Publication publication;
  private final TimestampUnwrapper time = new TimestampUnwrapper();
  private final NalUnits nalUnits;
  private AvcConfig avc;
  private AudioFormat audioFormat;
  private int undecodablePackets;

  FlvDemuxer(Publication publication, BufferAccount account) {
    this.publication = publication;
    this.nalUnits = new NalUnits(account);
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA, or what the publication throws
   */
  void onVideo(int timestamp, ByteBuffer tag) {
    if (!tag.hasRemaining()) {
      return;
    }
    int first = tag.get(tag.position()) & 0xff;
    int frameType = first >> 4;
    if ((first & ENHANCED_VIDEO) != 0) {
      throw unsupported("Enhanced RTMP video " + fourCc(tag));
    }
    if (frameType == COMMAND_FRAME) {
      return;
    }
    if ((first & 0xf) != AVC) {
      throw unsupported("video codec " + videoCodecName(first & 0xf));
    }
    requireLength(tag, VIDEO_HEADER_BYTES);
    int word = tag.getInt(tag.position() + 1);
    int compositionMs = word << 8 >> 8;
    tag.position(tag.position() + VIDEO_HEADER_BYTES);
    switch (word >>> 24) {
      case CONFIGURATION -> configureVideo(tag);
      case CODED -> onPicture(timestamp, compositionMs, frameType == KEY_FRAME, tag);
      case END_OF_SEQUENCE -> {}
      default -> throw corrupt("unknown AVC packet type [type=" + (word >>> 24) + "]");
    }
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA, or what the publication throws
   */
  void onAudio(int timestamp, ByteBuffer tag) {
    if (!tag.hasRemaining()) {
      return;
    }
    int format = (tag.get(tag.position()) & 0xff) >> 4;
    if (format == ENHANCED_AUDIO) {
      throw unsupported("Enhanced RTMP audio " + fourCc(tag));
    }
    if (format != AAC) {
      throw unsupported("audio codec " + audioCodecName(format));
    }
    requireLength(tag, AUDIO_HEADER_BYTES);
    int packetType = tag.get(tag.position() + 1) & 0xff;
    tag.position(tag.position() + AUDIO_HEADER_BYTES);
    switch (packetType) {
      case CONFIGURATION -> configureAudio(tag);
      case CODED -> onSound(timestamp, tag);
      default -> throw corrupt("unknown AAC packet type [type=" + packetType + "]");
    }
  }

  private void configureVideo(ByteBuffer record) {
    AvcConfig next = AvcConfig.parse(record);
    VideoFormat before = avc == null ? null : avc.format();
    avc = next;
    if (!next.format().equals(before)) {
      publication.onTrack(new Track(VIDEO_TRACK, next.format()));
    }
  }

  private void configureAudio(ByteBuffer config) {
    AudioFormat next = AacConfig.parse(config);
    if (!next.equals(audioFormat)) {
      audioFormat = next;
      publication.onTrack(new Track(AUDIO_TRACK, next));
    }
  }

  private void onPicture(int timestamp, int compositionMs, boolean isKeyframe, ByteBuffer data) {
    if (avc == null) {
      countUndecodable();
    } else if (data.hasRemaining()) {
      ByteBuffer accessUnit = nalUnits.normalised(data, avc.lengthBytes());
      long dtsUs = time.toUs(timestamp);
      long ptsUs = dtsUs + compositionMs * 1_000L;
      publication.onPacket(VIDEO_TRACK, isKeyframe, ptsUs, dtsUs, accessUnit);
    }
  }

  private void onSound(int timestamp, ByteBuffer data) {
    if (audioFormat == null) {
      countUndecodable();
    } else if (data.hasRemaining()) {
      long dtsUs = time.toUs(timestamp);
      publication.onPacket(AUDIO_TRACK, true, dtsUs, dtsUs, data);
    }
  }

  private void countUndecodable() {
    if (++undecodablePackets > MAX_UNDECODABLE_PACKETS) {
      throw corrupt("media without its codec configuration");
    }
  }

  private static void requireLength(ByteBuffer tag, int bytes) {
    if (tag.remaining() < bytes) {
      throw corrupt("media header cut off [lengthBytes=" + tag.remaining() + "]");
    }
  }

  private static String fourCc(ByteBuffer tag) {
    byte[] name = new byte[Math.min(4, tag.remaining() - 1)];
    tag.get(tag.position() + 1, name);
    for (int i = 0; i < name.length; i++) {
      name[i] = name[i] < ' ' || name[i] > '~' ? (byte) '.' : name[i];
    }
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static String videoCodecName(int codec) {
    return switch (codec) {
      case 2 -> "Sorenson H.263";
      case 3, 6 -> "screen video";
      case 4, 5 -> "VP6";
      case 12 -> "HEVC under a private number (use Enhanced RTMP)";
      default -> "number " + codec;
    };
  }

  private static String audioCodecName(int format) {
    return switch (format) {
      case 0, 3 -> "PCM";
      case 1 -> "ADPCM";
      case 2, 14 -> "MP3";
      case 4, 5, 6 -> "Nellymoser";
      case 7, 8 -> "G.711";
      case 11 -> "Speex";
      default -> "number " + format;
    };
  }

  private static HalcyonException unsupported(String what) {
    return new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, what + " is not supported; send H.264 and AAC");
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, what);
  }

  @Override
  public void close() {
    nalUnits.close();
  }
}
