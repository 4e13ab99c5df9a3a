package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns FLV tag bodies (Adobe, "Video File Format Specification" 10.1, annex E.4) and those of
 * {@link EnhancedTag} into tracks and packets. One thread: the publication's.
 *
 * <pre>
 *   video   0 frame type:4 codec:4 = 7 | 1 packet type | 2 composition offset ms, signed 24 | 5 data
 *   audio   0 format:4, rate:2 size:1 type:1 | format 10: 1 packet type | data
 * </pre>
 */
final class FlvDemuxer implements AutoCloseable {
  static final int VIDEO_TRACK = 0;
  static final int AUDIO_TRACK = 1;

  private static final int VIDEO_HEADER_BYTES = 4;
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
  private final FlvVideo video;
  private final FlvAudio audio;
  private final Map<MediaKind, Integer> keptTracks = new EnumMap<>(MediaKind.class);
  private final Set<Refused> refusedTracks = new HashSet<>();
  private int undecodablePackets;

  private record Refused(MediaKind kind, int track) {}

  FlvDemuxer(Publication publication, BufferAccount account, SoundEncoding.Factory encodings) {
    this.publication = publication;
    this.video = new FlvVideo(publication, account);
    this.audio = new FlvAudio(publication, encodings);
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA, or what the publication throws
   */
  void onVideo(int timestamp, ByteBuffer tag) {
    if (!tag.hasRemaining()) {
      return;
    }
    int first = tag.get() & 0xff;
    int frameType = first >> 4 & 7;
    if ((first & ENHANCED_VIDEO) != 0) {
      onEnhancedVideo(timestamp, frameType, first & 0xf, tag);
    } else if (frameType == COMMAND_FRAME) {
      return;
    } else if ((first & 0xf) == AVC) {
      onAvc(timestamp, frameType == KEY_FRAME, tag);
    } else {
      throw unsupported("video codec " + videoCodecName(first & 0xf));
    }
  }

  private void onAvc(int timestamp, boolean isKeyframe, ByteBuffer tag) {
    requireLength(tag, VIDEO_HEADER_BYTES);
    int word = tag.getInt();
    switch (word >>> 24) {
      case CONFIGURATION -> video.configure(FourCc.AVC, tag);
      case CODED -> onPicture(FourCc.AVC, timestamp, word << 8 >> 8, isKeyframe, tag);
      case END_OF_SEQUENCE -> {}
      default -> throw corrupt("unknown AVC packet type [type=" + (word >>> 24) + "]");
    }
  }

  private void onEnhancedVideo(int timestamp, int frameType, int packetType, ByteBuffer rest) {
    if (frameType == COMMAND_FRAME && packetType != EnhancedTag.METADATA) {
      return;
    }
    EnhancedTag.read(
        packetType,
        EnhancedTag.TRACKS_OF_VIDEO,
        rest,
        (type, fourCc, track, body) -> {
          if (isKept(MediaKind.VIDEO, fourCc, track)) {
            onVideoPart(timestamp, frameType == KEY_FRAME, type, codec(fourCc, VIDEO_TRACK), body);
          }
        });
  }

  private void onVideoPart(
      int timestamp, boolean isKeyframe, int type, FourCc codec, ByteBuffer body) {
    switch (type) {
      case EnhancedTag.CONFIGURATION -> video.configure(codec, body);
      case EnhancedTag.CODED -> {
        boolean isShifted = codec == FourCc.AVC || codec == FourCc.HEVC;
        onPicture(codec, timestamp, isShifted ? signed24(body) : 0, isKeyframe, body);
      }
      case EnhancedTag.CODED_UNSHIFTED -> onPicture(codec, timestamp, 0, isKeyframe, body);
      case EnhancedTag.END_OF_SEQUENCE, EnhancedTag.METADATA -> {}
      default -> throw corrupt("unknown video packet type [type=" + type + "]");
    }
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA, or what the publication throws
   */
  void onAudio(int timestamp, ByteBuffer tag) {
    if (!tag.hasRemaining()) {
      return;
    }
    int first = tag.get() & 0xff;
    switch (first >> 4) {
      case ENHANCED_AUDIO -> onEnhancedAudio(timestamp, first & 0xf, tag);
      case AAC -> onAac(timestamp, tag);
      default -> {
        boolean isTaken =
            tag.hasRemaining() && audio.onPlainSound(first, time.toUs(timestamp), tag);
        if (tag.hasRemaining() && !isTaken) {
          throw unsupported("audio codec " + audioCodecName(first >> 4));
        }
      }
    }
  }

  private void onAac(int timestamp, ByteBuffer tag) {
    requireLength(tag, 1);
    int packetType = tag.get() & 0xff;
    switch (packetType) {
      case CONFIGURATION -> audio.configure(FourCc.AAC, tag);
      case CODED -> onSound(FourCc.AAC, timestamp, tag);
      default -> throw corrupt("unknown AAC packet type [type=" + packetType + "]");
    }
  }

  private void onEnhancedAudio(int timestamp, int packetType, ByteBuffer rest) {
    EnhancedTag.read(
        packetType,
        EnhancedTag.TRACKS_OF_AUDIO,
        rest,
        (type, fourCc, track, body) -> {
          if (isKept(MediaKind.AUDIO, fourCc, track)) {
            onAudioPart(timestamp, type, codec(fourCc, AUDIO_TRACK), body);
          }
        });
  }

  private void onAudioPart(int timestamp, int type, FourCc codec, ByteBuffer body) {
    switch (type) {
      case EnhancedTag.CONFIGURATION -> audio.configure(codec, body);
      case EnhancedTag.CODED -> onSound(codec, timestamp, body);
      case EnhancedTag.END_OF_SEQUENCE, EnhancedTag.METADATA -> {}
      default -> throw corrupt("unknown audio packet type [type=" + type + "]");
    }
  }

  /** The first track of a kind is kept; the owner is told of each other. */
  private boolean isKept(MediaKind kind, int fourCc, int track) {
    Integer kept = keptTracks.putIfAbsent(kind, track);
    if (kept == null || kept == track) {
      return true;
    }
    if (refusedTracks.add(new Refused(kind, track))) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      publication.onAlert(
          "TRACK_REFUSED",
          "only one %s track is kept; track %d (%s) is not"
              .formatted(name, track, FourCc.printable(fourCc)));
    }
    return false;
  }

  private static FourCc codec(int fourCc, int track) {
    Optional<FourCc> known =
        FourCc.of(fourCc).filter(codec -> codec.isVideo() == (track == VIDEO_TRACK));
    return known.orElseThrow(() -> unsupported("codec " + FourCc.printable(fourCc)));
  }

  private void onPicture(
      FourCc codec, int timestamp, int compositionMs, boolean isKeyframe, ByteBuffer data) {
    if (!data.hasRemaining()) {
      return;
    }
    long dtsUs = time.toUs(timestamp);
    long ptsUs = dtsUs + compositionMs * 1_000L;
    if (!video.onPicture(codec, isKeyframe, ptsUs, dtsUs, data)) {
      countUndecodable();
    }
  }

  private void onSound(FourCc codec, int timestamp, ByteBuffer data) {
    if (data.hasRemaining() && !audio.onSound(codec, time.toUs(timestamp), data)) {
      countUndecodable();
    }
  }

  private void countUndecodable() {
    if (++undecodablePackets > MAX_UNDECODABLE_PACKETS) {
      throw corrupt("media without its codec configuration");
    }
  }

  private static int signed24(ByteBuffer in) {
    requireLength(in, 3);
    return in.get() << 16 | (in.get() & 0xff) << 8 | (in.get() & 0xff);
  }

  private static void requireLength(ByteBuffer tag, int bytes) {
    if (tag.remaining() < bytes) {
      throw corrupt("media header cut off [lengthBytes=" + tag.remaining() + "]");
    }
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
      case 0, 3 -> "PCM at this rate";
      case 1 -> "ADPCM";
      case 4, 5, 6 -> "Nellymoser";
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
    video.close();
    audio.close();
  }
}
