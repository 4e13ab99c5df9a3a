package dev.halcyon.verticles.ingest.whip;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Protects media as a publisher does. */
final class SealedRtp {
  private final SrtpCipher cipher;
  private final ReplayWindow numbers = new ReplayWindow();

  SealedRtp(SrtpKeys keys) {
    cipher = SrtpCipher.of(keys);
  }

  byte[] seal(byte[] packet) {
    byte[] sealed = Arrays.copyOf(packet, packet.length + cipher.tagBytes());
    ByteBuffer in = ByteBuffer.wrap(packet);
    long index = numbers.indexOf(in.getShort(2) & 0xffff);
    numbers.take(index);
    int headerBytes = SrtpReceiver.headerBytes(packet, packet.length);
    cipher.sealRtp(sealed, packet.length, headerBytes, in.getInt(8), index);
    return sealed;
  }
}
