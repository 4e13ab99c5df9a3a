package dev.halcyon.verticles.ingest.whip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Protects media as a publisher does. */
final class SealedRtp {
  private final SrtpCipher cipher;
  private final Map<Integer, ReplayWindow> numbers = new HashMap<>();

  SealedRtp(SrtpKeys keys) {
    cipher = SrtpCipher.of(keys);
  }

  byte[] seal(byte[] packet) {
    byte[] sealed = Arrays.copyOf(packet, packet.length + cipher.tagBytes());
    ByteBuffer in = ByteBuffer.wrap(packet);
    ReplayWindow ofSource = numbers.computeIfAbsent(in.getInt(8), ssrc -> new ReplayWindow());
    long index = ofSource.indexOf(in.getShort(2) & 0xffff);
    ofSource.take(index);
    int headerBytes = SrtpReceiver.headerBytes(packet, packet.length);
    cipher.sealRtp(sealed, packet.length, headerBytes, in.getInt(8), index);
    return sealed;
  }
}
