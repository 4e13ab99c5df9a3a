package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.rtp.Sdp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a publisher offers (RFC 9725, 4.2): media on one transport.
 *
 * @param media all of the offer's, in its order
 * @param isPassive the publisher waits for our handshake
 * @param mayShrink control packets need not be compound (RFC 5506)
 */
record WhipOffer(
    List<OfferedMedium> media,
    IceCredentials ice,
    Fingerprint fingerprint,
    boolean isPassive,
    boolean mayShrink) {
  WhipOffer {
    media = List.copyOf(media);
  }

  /**
   * @throws HalcyonException BAD_REQUEST, or UNSUPPORTED_MEDIA when there is nothing we can take
   */
  static WhipOffer parse(byte[] text) {
    Sdp sdp = Sdp.parse(text);
    List<String> bundled =
        sdp.attribute("group")
            .filter(group -> group.startsWith("BUNDLE"))
            .map(group -> Arrays.asList(group.split("\\s+", -1)))
            .orElse(List.of());
    List<OfferedMedium> media = new ArrayList<>();
    List<MediaKind> taken = new ArrayList<>();
    for (Sdp.Media each : sdp.media()) {
      OfferedMedium medium = OfferedMedium.of(each, taken);
      boolean isAlone = !taken.isEmpty() && !bundled.contains(medium.mid());
      if (isAlone) {
        medium = new OfferedMedium(each, medium.mid(), Optional.empty());
      }
      medium.accepted().ifPresent(accepted -> taken.add(accepted.kind()));
      media.add(medium);
    }
    if (taken.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "nothing that is offered can be taken: H.264, VP9, AV1, VP8, H.265 and Opus can, sent by"
              + " UDP/TLS/RTP/SAVPF with rtcp-mux");
    }
    Sdp.Media first =
        media.stream().filter(each -> each.accepted().isPresent()).findFirst().get().media();
    return new WhipOffer(
        media,
        new IceCredentials(required(sdp, first, "ice-ufrag"), required(sdp, first, "ice-pwd")),
        Fingerprint.parse(required(sdp, first, "fingerprint")),
        required(sdp, first, "setup").equals("passive"),
        first.attribute("rtcp-rsize").isPresent());
  }

  /** Of the medium, else of the session. */
  private static String required(Sdp sdp, Sdp.Media media, String name) {
    return media
        .attribute(name)
        .or(() -> sdp.attribute(name))
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                new HalcyonException(
                    ErrorCode.BAD_REQUEST, "session description: there is no a=" + name));
  }

  /** Those that are taken, in order. */
  List<OfferedMedium.Accepted> accepted() {
    return media.stream().flatMap(medium -> medium.accepted().stream()).toList();
  }
}
