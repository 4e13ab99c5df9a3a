package dev.halcyon.verticles.ingest.rtmp;

import static dev.halcyon.verticles.ingest.rtmp.ClientBytes.hex;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.AvcSps;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecConfigTest {
  /** All made by x264. */
  @ParameterizedTest
  @CsvSource({
    "baseline cropped,   6742c00dd901519e226c0440000003004000000c83c50a92,        322,  182",
    "high,               67640028acd940780227e5c044000003000400000300c83c60c658,  1920, 1080",
    "interlaced,         67640028acd94078044fde0220000003002000000643e2c5b2c0,    1920, 1080",
    "high 4:2:2,         677a001eb6cd940a42fe227c0440000003004000000c83c58b6580,  642,  362",
    "high 4:4:4,         67f4000d919b282a33c2119808800000030080000019078a14cb,    321,  181",
    "scaling lists,      6764001eacd940a02ff97011000003000100000300320f162d96,    640,  360",
    "monochrome,         6764000cf36505067e2f016c800000030080000019078a14cb,      320,  182",
    "2160 lines,         6742c033da00f0010fb011000003000100000300320f1832a0,      3840, 2160"
  })
  void readsThePictureSizeOfRealParameterSets(String what, String sps, int widthPx, int heightPx) {
    AvcSps parsed = AvcSps.parse(hex(sps));
    assertEquals(widthPx, parsed.widthPx(), what);
    assertEquals(heightPx, parsed.heightPx(), what);
  }

  @Test
  void refusesCutOffParameterSets() {
    byte[] sps = hex(ClientBytes.SPS);
    for (int length = 0; length < 9; length++) {
      byte[] cut = Arrays.copyOf(sps, length);
      assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> AvcSps.parse(cut)));
    }
  }

  @Test
  void answersMutatedParameterSetsWithAStatedErrorOnly() {
    Random random = new Random(4_711);
    for (int round = 0; round < 50_000; round++) {
      byte[] sps = hex(ClientBytes.SPS);
      for (int i = random.nextInt(4); i >= 0; i--) {
        sps[1 + random.nextInt(sps.length - 1)] = (byte) random.nextInt();
      }
      try {
        AvcSps.parse(sps);
      } catch (HalcyonException stated) {
        assertEquals(ErrorCode.CORRUPT_MEDIA, stated.code());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void statesLengthsOfFourBytesWhateverTheSourceUses(int lengthBytes) {
    AvcConfig config =
        AvcConfig.parse(ByteBuffer.wrap(ClientBytes.avcConfig(ClientBytes.SPS, lengthBytes)));
    assertEquals(lengthBytes, config.lengthBytes());
    assertEquals(Codec.H264, config.format().codec());
    assertEquals(1_920, config.format().widthPx());
    assertEquals(1_080, config.format().heightPx());
    assertEquals(Bytes.copyOf(ClientBytes.AVC_CONFIG), config.format().config());
  }

  @Test
  void refusesCutOffAvcConfigurations() {
    for (int length = 0; length < ClientBytes.AVC_CONFIG.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(ClientBytes.AVC_CONFIG, 0, length);
      assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> AvcConfig.parse(cut)));
    }
  }

  @Test
  void refusesAvcConfigurationsWithoutParameterSets() {
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> avc("01640028ffe000")));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> avc("00640028ffe1" + "0001" + "67")));
    assertEquals(
        ErrorCode.CORRUPT_MEDIA, failure(() -> avc("01640028fee1001b" + ClientBytes.SPS + "00")));
  }

  /** Rates are those of the core coder, channels those heard. */
  @ParameterizedTest
  @CsvSource({
    "LC mono by FFmpeg,                     120856e500,       44100, 1",
    "LC stereo by FFmpeg,                   119056e500,       48000, 2",
    "LC 5.1 by FFmpeg,                      11b056e500,       48000, 6",
    "LC without anything behind,            1190,             48000, 2",
    "SBR stated,                            2b118800,         24000, 2",
    "SBR and PS stated,                     eb098800,         24000, 2",
    "SBR and PS behind the configuration,   138856e5a54880,   22050, 2"
  })
  void readsAudioConfigurations(String what, String config, int sampleRateHz, int channels) {
    AudioFormat format = AacConfig.parse(ByteBuffer.wrap(hex(config)));
    assertEquals(sampleRateHz, format.sampleRateHz(), what);
    assertEquals(channels, format.channels(), what);
    assertEquals(Bytes.copyOf(hex(config)), format.config(), what);
  }

  @Test
  void readsASampleRateInFull() {
    String config = bits("00010 1111 000000000101011000100011 0010 000");
    assertEquals(22_051, AacConfig.parse(ByteBuffer.wrap(hex(config))).sampleRateHz());
  }

  @Test
  void countsTheChannelsOfAProgramConfiguration() {
    String config =
        bits(
            "00010 0011 0000 0 0 0" // LC, 48 kHz, layout spelled out.
                + "0000 01 0011 0010 0000 0001 01 000 0000 0 0 0" // Two front, one back, one LFE.
                + "0 0000  1 0000  1 0001  0000"); // Centre, pair, pair, LFE.
    assertEquals(6, AacConfig.parse(ByteBuffer.wrap(hex(config))).channels());
  }

  @Test
  void refusesAudioItCannotCarry() {
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> aac("")));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> aac("12")));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> aac(bits("00010 1101 0010 000"))));
    assertEquals(ErrorCode.CORRUPT_MEDIA, failure(() -> aac(bits("00010 0011 1111 000"))));
    assertEquals(ErrorCode.UNSUPPORTED_MEDIA, failure(() -> aac("1194")), "960 samples");
    assertEquals(
        ErrorCode.UNSUPPORTED_MEDIA, failure(() -> aac(bits("10111 0011 0010 000"))), "AAC-LD");
  }

  @Test
  void answersGarbageConfigurationsWithAStatedErrorOnly() {
    Random random = new Random(815);
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[random.nextInt(24)];
      random.nextBytes(bytes);
      try {
        AacConfig.parse(ByteBuffer.wrap(bytes));
      } catch (HalcyonException stated) {
        // Any code will do; any other exception fails the test.
        assertEquals(HalcyonException.class, stated.getClass());
      }
    }
  }

  private static ErrorCode failure(Runnable action) {
    return assertThrows(HalcyonException.class, action::run).code();
  }

  private static void avc(String hex) {
    AvcConfig.parse(ByteBuffer.wrap(hex(hex)));
  }

  private static void aac(String hex) {
    AacConfig.parse(ByteBuffer.wrap(hex(hex)));
  }

  /** Digits 0 and 1 as hexadecimal ones, filled up with zeros. */
  private static String bits(String digits) {
    String bits = digits.replace(" ", "");
    String padded = bits + "0".repeat((8 - bits.length() % 8) % 8);
    String hex = new BigInteger(padded, 2).toString(16);
    return "0".repeat(padded.length() / 4 - hex.length()) + hex;
  }
}
