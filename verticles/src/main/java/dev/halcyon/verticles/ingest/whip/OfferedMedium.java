package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.rtp.PayloadFormats;
import dev.halcyon.verticles.ingest.rtp.RtpFormat;
import dev.halcyon.verticles.ingest.rtp.Sdp;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One medium of an offer, and what we take of it.
 *
 * @param mid its name, as in the offer
 * @param accepted what it shall be sent as; empty when the medium is refused
 */
record OfferedMedium(Sdp.Media media, String mid, Optional<Accepted> accepted) {
  /** What the publisher shall encode, the best first, whatever its own order. */
  private static final List<String> VIDEO = List.of("H264", "VP9", "AV1", "VP8", "H265");

  static final String TRANSPORT_WIDE =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

  private static final int MAX_EXTENSION_ID = 14;

  /**
   * @param retransmission payload type of packets that are sent again (RFC 4588)
   * @param transportWideId id of the header extension that numbers all packets
   * @param feedback of those that the publisher takes, those that we give
   */
  record Accepted(
      MediaKind kind,
      RtpFormat format,
      OptionalInt retransmission,
      OptionalInt transportWideId,
      List<String> feedback) {
    Accepted {
      feedback = List.copyOf(feedback);
    }

    boolean gives(String what) {
      return feedback.contains(what);
    }
  }

  /**
   * @param taken kinds of media that an earlier one of the offer fills already
   */
  static OfferedMedium of(Sdp.Media media, List<MediaKind> taken) {
    Optional<Accepted> accepted =
        kind(media)
            .filter(kind -> !taken.contains(kind) && isSent(media))
            .flatMap(kind -> accept(media, kind));
    return new OfferedMedium(media, media.attribute("mid").orElse(""), accepted);
  }

  private static Optional<MediaKind> kind(Sdp.Media media) {
    return switch (media.kind()) {
      case "video" -> Optional.of(MediaKind.VIDEO);
      case "audio" -> Optional.of(MediaKind.AUDIO);
      default -> Optional.empty();
    };
  }

  private static boolean isSent(Sdp.Media media) {
    return media.protocol().contains("TLS/RTP/SAVP")
        && media.attribute("rtcp-mux").isPresent()
        && media.attribute("recvonly").isEmpty()
        && media.attribute("inactive").isEmpty();
  }

  private static Optional<Accepted> accept(Sdp.Media media, MediaKind kind) {
    List<RtpFormat> formats = RtpFormat.of(media);
    return formats.stream()
        .filter(format -> isWanted(kind, format))
        .min(Comparator.comparingInt(format -> VIDEO.indexOf(format.encoding())))
        .map(
            format ->
                new Accepted(
                    kind,
                    format,
                    retransmission(formats, format.payloadType()),
                    extension(media),
                    feedback(media, format.payloadType())));
  }

  private static boolean isWanted(MediaKind kind, RtpFormat format) {
    boolean isKnown =
        switch (kind) {
          case VIDEO -> VIDEO.contains(format.encoding());
          case AUDIO -> format.encoding().equals("OPUS");
        };
    if (!isKnown || isPlainH264Mode0(format)) {
      return false;
    }
    try {
      PayloadFormats.require(kind, format);
      return true;
    } catch (HalcyonException unsupported) {
      return false;
    }
  }

  /** Every browser offers mode 1 beside it, whose slices need not fit into packets. */
  private static boolean isPlainH264Mode0(RtpFormat format) {
    return format.encoding().equals("H264")
        && !format.parameters().getOrDefault("packetization-mode", "0").equals("1");
  }

  private static OptionalInt retransmission(List<RtpFormat> formats, int payloadType) {
    return formats.stream()
        .filter(
            format ->
                format.encoding().equals("RTX")
                    && format
                        .parameters()
                        .getOrDefault("apt", "")
                        .equals(Integer.toString(payloadType)))
        .mapToInt(RtpFormat::payloadType)
        .findFirst();
  }

  /** {@code 3 URI} or {@code 3/sendonly URI}. */
  private static OptionalInt extension(Sdp.Media media) {
    for (String value : media.attributesOf("extmap")) {
      String[] parts = value.split("\\s+", -1);
      String id = parts[0].split("/", 2)[0];
      if (parts.length >= 2 && parts[1].equals(TRANSPORT_WIDE) && id.matches("\\d{1,2}")) {
        int number = Integer.parseInt(id);
        return number >= 1 && number <= MAX_EXTENSION_ID
            ? OptionalInt.of(number)
            : OptionalInt.empty();
      }
    }
    return OptionalInt.empty();
  }

  private static List<String> feedback(Sdp.Media media, int payloadType) {
    List<String> offered = media.attributesOf("rtcp-fb");
    return List.of("nack", "nack pli", "transport-cc").stream()
        .filter(what -> offered.contains(payloadType + " " + what) || offered.contains("* " + what))
        .toList();
  }
}
