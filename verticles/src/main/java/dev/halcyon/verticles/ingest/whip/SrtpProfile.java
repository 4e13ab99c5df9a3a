package dev.halcyon.verticles.ingest.whip;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How media are protected (RFC 5764, 4.1.2; RFC 7714, 14.2), the one that we like best first. */
enum SrtpProfile {
  AEAD_AES_128_GCM(7, 16, 12),
  AES128_CM_HMAC_SHA1_80(1, 16, 14);

  final int id;
  final int keyBytes;
  final int saltBytes;

  SrtpProfile(int id, int keyBytes, int saltBytes) {
    this.id = id;
    this.keyBytes = keyBytes;
    this.saltBytes = saltBytes;
  }

  static int[] ids() {
    return Arrays.stream(values()).mapToInt(profile -> profile.id).toArray();
  }

  /** The best of those offered. */
  static Optional<SrtpProfile> best(int[] offered) {
    List<Integer> ids = Arrays.stream(offered).boxed().toList();
    return Arrays.stream(values()).filter(profile -> ids.contains(profile.id)).findFirst();
  }

  /** What a handshake must export for both sides. */
  int exportedBytes() {
    return 2 * (keyBytes + saltBytes);
  }

  /** One side's part of what was exported: keys of client and server, then their salts. */
  SrtpKeys keysOf(boolean isClient, byte[] exported) {
    int keyAt = isClient ? 0 : keyBytes;
    int saltAt = 2 * keyBytes + (isClient ? 0 : saltBytes);
    return new SrtpKeys(
        this,
        Arrays.copyOfRange(exported, keyAt, keyAt + keyBytes),
        Arrays.copyOfRange(exported, saltAt, saltAt + saltBytes));
  }
}
