package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.rtp.RtpFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what we answer to an offer (RFC 8829, RFC 9725 4.2). One answer an object. */
final class AnswerWriter {
  /**
   * Two channels if the publisher has them, and enough for music; browsers' own default is less.
   */
  private static final String OPUS = "minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=128000";

  /** Level 5.2: what we take has no limit of its own. */
  private static final String H264_LEVEL = "34";

  /**
   * Where Chromium begins and what it does not go below, in kb/s: else it begins at 300, and a busy
   * machine at either end, which looks like a slow network, leaves it at 30. Others ignore it.
   */
  private static final String BITRATE = "x-google-start-bitrate=1500;x-google-min-bitrate=300";

  private final StringBuilder out = new StringBuilder();
  private final IceCredentials ours;
  private final Fingerprint fingerprint;
  private final List<String> candidates;

  AnswerWriter(IceCredentials ours, Fingerprint fingerprint, List<String> candidates) {
    this.ours = ours;
    this.fingerprint = fingerprint;
    this.candidates = candidates;
  }

  /**
   * @param sessionId any number
   */
  String answer(WhipOffer offer, long sessionId) {
    String mids =
        offer.media().stream()
            .filter(medium -> medium.accepted().isPresent() && !medium.mid().isEmpty())
            .map(OfferedMedium::mid)
            .collect(Collectors.joining(" "));
    line("v=0");
    line("o=- " + sessionId + " 1 IN IP4 127.0.0.1");
    line("s=-");
    line("t=0 0");
    if (!mids.isEmpty()) {
      line("a=group:BUNDLE " + mids);
    }
    line("a=ice-lite");
    for (OfferedMedium medium : offer.media()) {
      medium
          .accepted()
          .ifPresentOrElse(accepted -> accept(medium, accepted, offer), () -> refuse(medium));
    }
    return out.toString();
  }

  /** What a restart of ICE is answered with (RFC 9725, 4.3.3). */
  String restart() {
    line("a=ice-lite");
    transport();
    return out.toString();
  }

  private void refuse(OfferedMedium medium) {
    line(
        "m=%s 0 %s %s"
            .formatted(
                medium.media().kind(),
                medium.media().protocol(),
                String.join(" ", medium.media().formats())));
    line("c=IN IP4 0.0.0.0");
    mid(medium);
    line("a=inactive");
  }

  private void accept(OfferedMedium medium, OfferedMedium.Accepted accepted, WhipOffer offer) {
    int payloadType = accepted.format().payloadType();
    String retransmission =
        accepted.retransmission().isPresent() ? " " + accepted.retransmission().getAsInt() : "";
    line(
        "m=%s 9 %s %d%s"
            .formatted(
                medium.media().kind(), medium.media().protocol(), payloadType, retransmission));
    line("c=IN IP4 0.0.0.0");
    mid(medium);
    line("a=recvonly");
    line("a=rtcp-mux");
    if (offer.mayShrink()) {
      line("a=rtcp-rsize");
    }
    transport();
    line("a=fingerprint:" + fingerprint);
    line("a=setup:" + (offer.isPassive() ? "active" : "passive"));
    accepted
        .transportWideId()
        .ifPresent(id -> line("a=extmap:" + id + ' ' + OfferedMedium.TRANSPORT_WIDE));
    format(accepted);
  }

  private void transport() {
    line("a=ice-ufrag:" + ours.fragment());
    line("a=ice-pwd:" + ours.password());
    candidates.forEach(candidate -> line("a=" + candidate));
    line("a=end-of-candidates");
  }

  private void mid(OfferedMedium medium) {
    if (!medium.mid().isEmpty()) {
      line("a=mid:" + medium.mid());
    }
  }

  private void format(OfferedMedium.Accepted accepted) {
    RtpFormat format = accepted.format();
    int payloadType = format.payloadType();
    String channels = accepted.kind() == MediaKind.AUDIO ? "/" + format.channels() : "";
    line("a=rtpmap:%d %s/%d%s".formatted(payloadType, name(format), format.clockHz(), channels));
    String parameters = parameters(format);
    if (!parameters.isEmpty()) {
      line("a=fmtp:" + payloadType + ' ' + parameters);
    }
    accepted.feedback().forEach(what -> line("a=rtcp-fb:" + payloadType + ' ' + what));
    if (accepted.retransmission().isPresent()) {
      int again = accepted.retransmission().getAsInt();
      line("a=rtpmap:" + again + " rtx/" + format.clockHz());
      line("a=fmtp:" + again + " apt=" + payloadType);
    }
  }

  private static String name(RtpFormat format) {
    return format.encoding().equals("OPUS") ? "opus" : format.encoding();
  }

  private static String parameters(RtpFormat format) {
    return switch (format.encoding()) {
      case "OPUS" -> OPUS;
      case "H264" -> h264(format.parameters().getOrDefault("profile-level-id", "")) + ';' + BITRATE;
      default ->
          Stream.concat(
                  format.parameters().entrySet().stream()
                      .map(parameter -> parameter.getKey() + '=' + parameter.getValue())
                      .sorted(),
                  Stream.of(BITRATE))
              .collect(Collectors.joining(";"));
    };
  }

  private static String h264(String offered) {
    String common = "level-asymmetry-allowed=1;packetization-mode=1";
    boolean isStated = offered.matches("[0-9a-fA-F]{6}");
    return isStated
        ? common
            + ";profile-level-id="
            + offered.substring(0, 4).toLowerCase(Locale.ROOT)
            + H264_LEVEL
        : common;
  }

  private void line(String text) {
    out.append(text).append("\r\n");
  }
}
