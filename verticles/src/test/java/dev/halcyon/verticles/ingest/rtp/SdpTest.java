package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.MediaKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpTest {
  static final String CAMERA =
      """
      v=0
      o=- 1700000000 1 IN IP4 192.0.2.7
      s=Camera
      c=IN IP4 0.0.0.0
      t=0 0
      a=control:*
      m=video 0 RTP/AVP 96
      b=AS:4000
      a=rtpmap:96 H264/90000
      a=fmtp:96 packetization-mode=1; profile-level-id=640028; sprop-parameter-sets=Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY,aOvjyyLA
      a=control:trackID=1
      m=audio 0 RTP/AVP 8 97
      a=rtpmap:97 mpeg4-generic/48000/2
      a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;config=1190;SizeLength=13;IndexLength=3;IndexDeltaLength=3
      a=control:trackID=2
      a=recvonly
      m=application 0 RTP/AVP 107
      a=rtpmap:107 vnd.onvif.metadata/90000
      """;

  private static Sdp parse(String text) {
    return Sdp.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsACamerasDescription() {
    Sdp sdp = parse(CAMERA.replace("\n", "\r\n"));
    assertEquals(
        List.of("video", "audio", "application"),
        sdp.media().stream().map(Sdp.Media::kind).toList());
    assertEquals(Optional.of("*"), sdp.attribute("control"));
    assertEquals(Optional.of("trackID=2"), sdp.media().get(1).attribute("control"));
    RtpFormat video = RtpFormat.of(sdp.media().getFirst()).getFirst();
    assertEquals("H264", video.encoding());
    assertEquals(90_000, video.clockHz());
    assertEquals(1, video.number("packetization-mode", 2, 0));
    assertEquals(2, video.base64("sprop-parameter-sets").size());
    assertEquals(0x67, video.base64("sprop-parameter-sets").getFirst()[0]);
    List<RtpFormat> audio = RtpFormat.of(sdp.media().get(1));
    assertEquals(new RtpFormat(8, "PCMA", 8_000, 1, Map.of()), audio.getFirst());
    assertEquals("MPEG4-GENERIC", audio.get(1).encoding());
    assertEquals(2, audio.get(1).channels());
    assertEquals(13, audio.get(1).number("sizelength", 24, 0));
    for (RtpFormat format : audio) {
      PayloadFormats.require(MediaKind.AUDIO, format);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "m=video 0 RTP/AVP 96",
        "v=0\nm=video",
        "v=0\nm=video x RTP/AVP 96",
        "v=0\nm=video 99999 RTP/AVP 96"
      })
  void refusesWhatIsNoDescription(String text) {
    HalcyonException refusal = assertThrows(HalcyonException.class, () -> parse(text));
    assertEquals(ErrorCode.BAD_REQUEST, refusal.code());
  }

  @Test
  void boundsWhatItReads() {
    assertThrows(HalcyonException.class, () -> parse("v=0\n" + "a=x\n".repeat(3_000)));
    assertThrows(
        HalcyonException.class, () -> parse("v=0\n" + "m=video 0 RTP/AVP 96\n".repeat(40)));
    assertThrows(HalcyonException.class, () -> parse("v=0\na=" + "x".repeat(70_000)));
    String many = "v=0\nm=video 0 RTP/AVP" + " 96".repeat(10_000) + "\na=rtpmap:96 VP8/90000\n";
    assertTrue(RtpFormat.of(parse(many).media().getFirst()).size() <= 64);
  }

  @ParameterizedTest
  @CsvSource({
    "96 H264/90000, 96 packetization-mode=2",
    "96 H265/90000, 96 sprop-max-don-diff=1",
    "96 JPEG/90000, ''",
    "96 MPEG4-GENERIC/48000/2, 96 mode=AAC-hbr",
    "96 OPUS/48000/2, ''"
  })
  void refusesVideoThatCannotBeKept(String map, String parameters) {
    Sdp sdp = parse("v=0\nm=video 0 RTP/AVP 96\na=rtpmap:" + map + "\na=fmtp:" + parameters);
    RtpFormat format = RtpFormat.of(sdp.media().getFirst()).getFirst();
    HalcyonException refusal =
        assertThrows(HalcyonException.class, () -> PayloadFormats.require(MediaKind.VIDEO, format));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, refusal.code());
  }

  @Test
  void learnsInBandWhatADescriptionGarbles() {
    Sdp sdp =
        parse(
            "v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\n"
                + "a=fmtp:96 sprop-parameter-sets=Z2QAKKzZQHg*,,!\n");
    PayloadFormats.require(MediaKind.VIDEO, RtpFormat.of(sdp.media().getFirst()).getFirst());
  }
}
