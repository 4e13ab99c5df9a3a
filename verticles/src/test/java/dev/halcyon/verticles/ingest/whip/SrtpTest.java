package dev.halcyon.verticles.ingest.whip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.verticles.ingest.whip.SrtpKeys.Label;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors are those of RFC 3711 (appendix B.3) and of its authors' implementation. */
class SrtpTest {
  private static final SrtpKeys COUNTER =
      new SrtpKeys(
          SrtpProfile.AES128_CM_HMAC_SHA1_80,
          hex("e1f97a0d3e018be0d64fa32c06de4139"),
          hex("0ec675ad498afeebb6960b3aabe6"));
  private static final SrtpKeys GCM =
      new SrtpKeys(
          SrtpProfile.AEAD_AES_128_GCM,
          hex("000102030405060708090a0b0c0d0e0f"),
          hex("a0a1a2a3a4a5a6a7a8a9aaab"));

  private static final String RTP = "800f1234decafbadcafebabe" + "ab".repeat(16);
  private static final String RTCP = "81c8000bcafebabe" + "ab".repeat(16);

  @Test
  void derivesTheKeysOfTheStandard() {
    assertEquals("c61e7a93744f39ee10734afe3ff7a087", hex(COUNTER.derive(Label.RTP_KEY, 16)));
    assertEquals("30cbbc08863d8c85d49db34a9ae1", hex(COUNTER.derive(Label.RTP_SALT, 14)));
    assertEquals(
        "cebe321f6ff7716b6fd4ab49af256a156d38baa4",
        hex(COUNTER.derive(Label.RTP_AUTHENTICATION, 20)));
  }

  @Test
  void opensWhatOthersProtect() {
    assertOpensRtp(
        COUNTER, "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    assertOpensRtp(
        GCM,
        "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06ed2976826f796b201df3131a127e8a392");
    assertOpensRtcp(
        COUNTER, "81c8000bcafebabe7128035be487b9bdbef89041f977a5a880000001993e08cd54d6c1230798");
    assertOpensRtcp(
        GCM,
        "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025c52c6fbea2b3b446ea31123ba88ce61e80000001");
  }

  private static void assertOpensRtp(SrtpKeys keys, String sealed) {
    byte[] packet = hex(sealed);
    int length = new SrtpReceiver(keys).openRtp(packet, packet.length);
    assertEquals(RTP, hex(Arrays.copyOf(packet, Math.max(0, length))));
  }

  private static void assertOpensRtcp(SrtpKeys keys, String sealed) {
    byte[] packet = hex(sealed);
    int length = new SrtpReceiver(keys).openRtcp(packet, packet.length);
    assertEquals(RTCP, hex(Arrays.copyOf(packet, Math.max(0, length))));
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void protectsWhatItOpens(SrtpProfile profile) {
    SrtpKeys keys = profile == SrtpProfile.AEAD_AES_128_GCM ? GCM : COUNTER;
    SrtpReceiver receiver = new SrtpReceiver(keys);
    SrtpSender sender = new SrtpSender(keys);
    for (int i = 0; i < 3; i++) {
      byte[] sealed = sender.sealRtcp(hex(RTCP));
      int length = receiver.openRtcp(sealed, sealed.length);
      assertEquals(RTCP, hex(Arrays.copyOf(sealed, length)));
    }
    SealedRtp rtp = new SealedRtp(keys);
    for (int sequence : new int[] {65_533, 65_535, 65_534, 0, 2, 1, 32_768, 65_530, 3}) {
      byte[] packet = packet(sequence);
      byte[] sealed = rtp.seal(packet);
      int length = receiver.openRtp(sealed, sealed.length);
      assertArrayEquals(packet, Arrays.copyOf(sealed, Math.max(0, length)), "packet " + sequence);
    }
  }

  @ParameterizedTest
  @EnumSource(SrtpProfile.class)
  void takesNoPacketTwiceNorAForgedOne(SrtpProfile profile) {
    SrtpKeys keys = profile == SrtpProfile.AEAD_AES_128_GCM ? GCM : COUNTER;
    SrtpReceiver receiver = new SrtpReceiver(keys);
    byte[] sealed = new SealedRtp(keys).seal(packet(7));
    for (int at = 0; at < sealed.length; at++) {
      byte[] forged = sealed.clone();
      forged[at] ^= 0x10;
      assertEquals(SrtpCipher.REFUSED, receiver.openRtp(forged, forged.length), "byte " + at);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertEquals(SrtpCipher.REFUSED, receiver.openRtp(sealed.clone(), length));
    }
    assertTrue(receiver.openRtp(sealed.clone(), sealed.length) > 0);
    assertEquals(SrtpCipher.REFUSED, receiver.openRtp(sealed.clone(), sealed.length));
    byte[] control = new SrtpSender(keys).sealRtcp(hex(RTCP));
    assertTrue(receiver.openRtcp(control.clone(), control.length) > 0);
    assertEquals(SrtpCipher.REFUSED, receiver.openRtcp(control.clone(), control.length));
  }

  @Test
  void forgetsWhatIsOlderThanTheWindow() {
    ReplayWindow window = new ReplayWindow();
    for (long index = 0; index < 5_000; index += 2) {
      assertTrue(window.isFresh(index));
      window.take(index);
    }
    assertTrue(window.isFresh(4_997));
    assertFalse(window.isFresh(4_998));
    assertFalse(window.isFresh(3_001));
    window.take(100_000);
    assertTrue(window.isFresh(99_999));
    assertFalse(window.isFresh(100_000));
    assertFalse(window.isFresh(98_976));
  }

  private static byte[] packet(int sequence) {
    byte[] packet = hex(RTP);
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    return packet;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
