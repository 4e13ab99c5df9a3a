package dev.halcyon.codecs.mux;

import dev.halcyon.codecs.mux.VideoEncoder.Gop;
import dev.halcyon.codecs.mux.VideoEncoder.Scan;
import dev.halcyon.codecs.mux.VideoEncoder.Settings;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import java.util.HashMap;
import java.util.Map;

/** Our settings as the private options of each encoder: its fastest, and no surprises. */
final class VideoEncoderOptions {
  private static final int CONSTANT_QUALITY = 23;

  /** libaom and libvpx make hidden references from 11 or so on. */
  private static final String LOOK_AHEAD_FRAMES = "19";

  private final Settings settings;

  VideoEncoderOptions(Settings settings) {
    this.settings = settings;
  }

  Map<String, String> toMap() {
    return switch (settings.codec()) {
      case H264 -> x264();
      case HEVC -> x265();
      case AV1 -> aom();
      default -> vpx();
    };
  }

  private Map<String, String> x264() {
    Map<String, String> options = new HashMap<>();
    options.put("preset", "ultrafast");
    options.put(
        "x264-params",
        "scenecut=0:b-adapt=0:open-gop="
            + openGop()
            + (settings.gop() == Gop.OPEN ? ":ref=4:b-pyramid=normal:weightp=2:cabac=1" : "")
            + (settings.gop() == Gop.REFRESHED ? ":intra-refresh=1" : "")
            + (settings.scan() == Scan.INTERLACED ? ":tff=1" : ""));
    if (settings.bitrateBps() > 0) {
      options.put("nal-hrd", "cbr");
    } else {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
    }
    return options;
  }

  private Map<String, String> x265() {
    Map<String, String> options = new HashMap<>();
    options.put("preset", "ultrafast");
    options.put(
        "x265-params",
        "log-level=error:pools=none:frame-threads=1:scenecut=0:b-adapt=0:keyint="
            + settings.gopFrames()
            + ":min-keyint="
            + settings.gopFrames()
            + ":bframes="
            + settings.bFrames()
            + ":open-gop="
            + openGop()
            + settings.display().mastering().map(VideoEncoderOptions::mastering).orElse("")
            + settings
                .display()
                .light()
                .map(light -> ":max-cll=" + light.maxCll() + "," + light.maxFall())
                .orElse(""));
    if (settings.bitrateBps() == 0) {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
    }
    return options;
  }

  private static String mastering(MasteringDisplay display) {
    return ":master-display=G"
        + point(display.green())
        + "B"
        + point(display.blue())
        + "R"
        + point(display.red())
        + "WP"
        + point(display.white())
        + "L("
        + display.maxLuminance()
        + ","
        + display.minLuminance()
        + ")";
  }

  private static String point(Point point) {
    return "(" + point.x() + "," + point.y() + ")";
  }

  private int openGop() {
    return settings.gop() == Gop.OPEN ? 1 : 0;
  }

  /** For encoders that choose their own order: references that are never shown as they are. */
  private boolean looksAhead() {
    return settings.bFrames() > 0;
  }

  private Map<String, String> vpx() {
    Map<String, String> options = new HashMap<>();
    options.put("deadline", looksAhead() ? "good" : "realtime");
    options.put("cpu-used", "8");
    options.put("auto-alt-ref", looksAhead() ? "1" : "0");
    options.put("lag-in-frames", looksAhead() ? LOOK_AHEAD_FRAMES : "0");
    options.put("keyint_min", Integer.toString(settings.gopFrames()));
    if (settings.bitrateBps() == 0) {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
      options.put("b", settings.codec() == Codec.VP9 ? "0" : "4M");
    }
    return options;
  }

  private Map<String, String> aom() {
    Map<String, String> options = new HashMap<>();
    options.put("usage", looksAhead() ? "good" : "realtime");
    options.put("cpu-used", "8");
    options.put("lag-in-frames", looksAhead() ? LOOK_AHEAD_FRAMES : "0");
    options.put("keyint_min", Integer.toString(settings.gopFrames()));
    if (settings.bitrateBps() == 0) {
      options.put("crf", Integer.toString(CONSTANT_QUALITY));
      options.put("b", "0");
    }
    return options;
  }
}
