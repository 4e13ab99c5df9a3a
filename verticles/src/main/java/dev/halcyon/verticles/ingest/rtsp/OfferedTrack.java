package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import dev.halcyon.verticles.ingest.rtp.PayloadFormats;
import dev.halcyon.verticles.ingest.rtp.RtpFormat;
import dev.halcyon.verticles.ingest.rtp.Sdp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One medium of an announcement.
 *
 * @param control the end of its address; empty when the announcement has none
 * @param medium what it is kept as; empty when it is not kept
 * @param refusal why it is not kept; empty when it is
 */
record OfferedTrack(String control, Optional<MediaReceiver.Medium> medium, String refusal) {

  /** The media of an announcement: the first video and the first sound that can be are kept. */
  static List<OfferedTrack> of(Sdp sdp) {
    Set<MediaKind> missing = EnumSet.allOf(MediaKind.class);
    List<OfferedTrack> offered = new ArrayList<>();
    for (Sdp.Media media : sdp.media()) {
      OfferedTrack track = of(media, missing);
      track.medium().ifPresent(kept -> missing.remove(kept.kind()));
      offered.add(track);
    }
    return offered;
  }

  private static OfferedTrack of(Sdp.Media media, Set<MediaKind> missing) {
    String control = media.attribute("control").orElse("");
    Optional<MediaKind> kind = kind(media.kind());
    if (kind.isEmpty()) {
      return new OfferedTrack(control, Optional.empty(), media.kind() + " is not supported");
    }
    String name = kind.get().name().toLowerCase(Locale.ROOT);
    if (!missing.contains(kind.get())) {
      return new OfferedTrack(control, Optional.empty(), "only one " + name + " track is kept");
    }
    String refusal = name + " without a format that says what it is";
    for (RtpFormat format : RtpFormat.of(media)) {
      try {
        PayloadFormats.require(kind.get(), format);
        return new OfferedTrack(
            control, Optional.of(new MediaReceiver.Medium(kind.get(), format)), "");
      } catch (HalcyonException unsupported) {
        refusal = name + ": " + unsupported.getMessage();
      }
    }
    return new OfferedTrack(control, Optional.empty(), refusal);
  }

  private static Optional<MediaKind> kind(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "video" -> Optional.of(MediaKind.VIDEO);
      case "audio" -> Optional.of(MediaKind.AUDIO);
      default -> Optional.empty();
    };
  }
}
