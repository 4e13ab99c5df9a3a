package dev.halcyon.codecs.format;

import dev.halcyon.core.media.Codec;
import java.util.Map;

/** Containers that a clip is had in besides MP4. */
public enum RemuxContainer {
  MATROSKA("matroska"),
  MPEG_TS("mpegts");

  /** No random identifiers: the same clip gives the same bits. */
  private static final String SAME_BITS = "fflags";

  private final String muxer;

  RemuxContainer(String muxer) {
    this.muxer = muxer;
  }

  /** FFmpeg's name. */
  String muxer() {
    return muxer;
  }

  /** Of the muxer. */
  Map<String, String> options() {
    return switch (this) {
      // Matroska has no decoding times: those of reordered pictures must not delay the first one.
      case MATROSKA -> Map.of(SAME_BITS, "+bitexact", "avoid_negative_ts", "disabled");
      case MPEG_TS -> Map.of(SAME_BITS, "+bitexact");
    };
  }

  /** FFmpeg would write more into a transport stream, which few could read. */
  boolean carries(Codec codec) {
    return switch (this) {
      case MATROSKA -> true;
      case MPEG_TS ->
          switch (codec) {
            case H264, HEVC, AAC, MP3, AC3, OPUS -> true;
            case AV1, VP8, VP9, FLAC -> false;
          };
    };
  }

  /** Whether it can say that a player has to turn the pictures. */
  boolean tellsOrientation() {
    return this == MATROSKA;
  }
}
