package dev.halcyon.verticles.ingest.rtmp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signed handshake that Flash Player 9 introduced: an HMAC-SHA256 over the part with the digest
 * itself left out, at a place that four of the part's bytes name.
 *
 * <pre>
 *   layout A   time:4 version:4 | offset:4 … digest:32 …  (764) | key (764)
 *   layout B   time:4 version:4 | key (764) | offset:4 … digest:32 …  (764)
 *   place      block + 4 + (sum of the block's 4 offset bytes mod 728)
 * </pre>
 */
final class HandshakeDigest {
  /** Flash Media Server 3.5.7.1: any version ≥ 3 makes a client expect signatures. */
  static final int SERVER_VERSION = 0x03_05_07_01;

  private static final int BLOCK_A = 8;
  private static final int BLOCK_B = 8 + 764;
  private static final int DIGEST_BYTES = 32;
  private static final int DIGEST_PLACES = 764 - 4 - DIGEST_BYTES;

  private static final byte[] PLAYER_NAME = ascii("Genuine Adobe Flash Player 001");
  private static final byte[] SERVER_NAME = ascii("Genuine Adobe Flash Media Server 001");
  private static final byte[] SHARED_TAIL =
      HexFormat.of().parseHex("f0eec24a8068bee82e00d0d1029e7e576eec5d2d29806fab93b8e636cfeb31ae");

  /** The block in which the client put its digest; ours goes into the same. */
  private final int block;

  private final byte[] clientDigest;

  private HandshakeDigest(int block, byte[] clientDigest) {
    this.block = block;
    this.clientDigest = clientDigest;
  }

  /** The client's digest, when C1 carries a valid one. */
  static Optional<HandshakeDigest> of(byte[] c1) {
    boolean isVersioned = (c1[4] | c1[5] | c1[6] | c1[7]) != 0;
    if (isVersioned) {
      for (int block : new int[] {BLOCK_A, BLOCK_B}) {
        int place = place(c1, block);
        byte[] found = Arrays.copyOfRange(c1, place, place + DIGEST_BYTES);
        if (MessageDigest.isEqual(found, digestAround(PLAYER_NAME, c1, place))) {
          return Optional.of(new HandshakeDigest(block, found));
        }
      }
    }
    return Optional.empty();
  }

  /** Puts the server's digest into S1. */
  void signServerPart(byte[] s1) {
    int place = place(s1, block);
    System.arraycopy(digestAround(SERVER_NAME, s1, place), 0, s1, place, DIGEST_BYTES);
  }

  /** S2: random bytes, signed with a key made of the client's digest. */
  byte[] answerTo(RandomGenerator random) {
    byte[] s2 = new byte[Handshake.PART_BYTES];
    random.nextBytes(s2);
    byte[] key = hmac(concat(SERVER_NAME, SHARED_TAIL), clientDigest, clientDigest.length);
    int signedBytes = s2.length - DIGEST_BYTES;
    System.arraycopy(hmac(key, s2, signedBytes), 0, s2, signedBytes, DIGEST_BYTES);
    return s2;
  }

  private static int place(byte[] part, int block) {
    int sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += part[block + i] & 0xff;
    }
    return block + 4 + sum % DIGEST_PLACES;
  }

  private static byte[] digestAround(byte[] key, byte[] part, int place) {
    byte[] around = new byte[part.length - DIGEST_BYTES];
    System.arraycopy(part, 0, around, 0, place);
    System.arraycopy(part, place + DIGEST_BYTES, around, place, around.length - place);
    return hmac(key, around, around.length);
  }

  private static byte[] hmac(byte[] key, byte[] message, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(message, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HmacSHA256", impossible);
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
