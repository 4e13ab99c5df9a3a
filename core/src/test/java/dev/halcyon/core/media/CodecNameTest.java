package dev.halcyon.core.media;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class CodecNameTest {
  private static String video(Codec codec, String config) {
    return CodecName.of(new VideoFormat(codec, 640, 360, bytes(config)));
  }

  private static String audio(Codec codec, String config) {
    return CodecName.of(new AudioFormat(codec, 48_000, 2, bytes(config)));
  }

  private static Bytes bytes(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }

  @Test
  void namesProfileCompatibilityAndLevelOfH264() {
    assertEquals("avc1.64001f", video(Codec.H264, "0164001fffe1"));
    assertEquals("avc1.42c01e", video(Codec.H264, "0142c01effe1"));
  }

  /** The examples of ISO/IEC 14496-15, E.3. */
  @Test
  void namesHevcWithItsFlagsBackwardsAndNoTrailingZeros() {
    assertEquals("hvc1.1.6.L93.B0", video(Codec.HEVC, "010160000000b000000000005d"));
    assertEquals("hvc1.A4.41.H120.B0.23", video(Codec.HEVC, "016482000000b0230000000078"));
    assertEquals("hvc1.2.4.L153", video(Codec.HEVC, "01022000000000000000000099"));
  }

  @Test
  void namesAv1AndVp9() {
    assertEquals("av01.0.04M.08", video(Codec.AV1, "81040c00"));
    assertEquals("av01.0.08H.10", video(Codec.AV1, "8108cc00"));
    assertEquals("vp09.00.31.08", video(Codec.VP9, "01000000001f82020202" + "0000"));
    assertEquals("vp09.02.10.10", video(Codec.VP9, "0100000002" + "0aa2"));
    assertEquals("vp09.00.10.08", video(Codec.VP9, ""));
  }

  @Test
  void namesSound() {
    assertEquals("mp4a.40.2", audio(Codec.AAC, "1190"));
    assertEquals("mp4a.40.5", audio(Codec.AAC, "2b92"));
    assertEquals("mp4a.40.42", audio(Codec.AAC, "f95e"));
    assertEquals("opus", audio(Codec.OPUS, "00"));
    assertEquals("mp4a.6B", audio(Codec.MP3, ""));
  }

  @Test
  void namesTheCodecAloneWhereItsConfigurationIsCutShort() {
    assertEquals("avc1", video(Codec.H264, "0164"));
    assertEquals("hvc1", video(Codec.HEVC, ""));
    assertEquals("av01", video(Codec.AV1, "81"));
    assertEquals("mp4a.40.2", audio(Codec.AAC, ""));
  }
}
