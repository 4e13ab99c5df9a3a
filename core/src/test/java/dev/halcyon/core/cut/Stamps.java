package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.List;

/** Hand-built packet tables. */
final class Stamps {
  static final VideoFormat H264 = new VideoFormat(Codec.H264, 320, 240, Bytes.EMPTY);
  static final AudioFormat AAC_48K =
      new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x90}));
  static final AudioFormat OPUS =
      new AudioFormat(Codec.OPUS, 48_000, 2, Bytes.copyOf(new byte[] {0}));

  private final List<PacketStamp> packets = new ArrayList<>();

  /** Pictures 40 ms long; {@code pts} in decoding order, counted in pictures; "k" marks a key. */
  static TrackPackets video(String ptsInFrames) {
    Stamps stamps = new Stamps();
    int dts = -2;
    for (String word : List.of(ptsInFrames.trim().split("\\s+", -1))) {
      boolean isKey = word.endsWith("k");
      long pts = Long.parseLong(isKey ? word.substring(0, word.length() - 1) : word);
      stamps.add(pts * 40_000, dts++ * 40_000L, isKey);
    }
    return stamps.track(0);
  }

  Stamps add(long ptsUs, long dtsUs, boolean isKey) {
    return add(ptsUs, dtsUs, 0, isKey, 1);
  }

  Stamps add(long ptsUs, long dtsUs, long durationUs, boolean isKey, int epoch) {
    packets.add(
        new PacketStamp(ptsUs, dtsUs, durationUs, isKey, epoch, 0, packets.size() * 1_000L, 100));
    return this;
  }

  TrackPackets track(int index) {
    return new TrackPackets(index, List.of(H264), packets);
  }

  /** AAC packets at 48 kHz whose stamps are whole milliseconds, as RTMP gives them. */
  static TrackPackets aac(long startUs, int count) {
    Stamps stamps = new Stamps();
    for (int i = 0; i < count; i++) {
      long ptsUs = startUs + Math.round(i * 1_024 / 48.0) * 1_000;
      stamps.add(ptsUs, ptsUs, true);
    }
    return new TrackPackets(1, List.of(AAC_48K), stamps.packets);
  }

  static TrackPackets opus(long startUs, int count) {
    Stamps stamps = new Stamps();
    for (int i = 0; i < count; i++) {
      stamps.add(startUs + i * 20_000L, startUs + i * 20_000L, 20_000, true, 1);
    }
    return new TrackPackets(1, List.of(OPUS), stamps.packets);
  }

  static void assertNear(long expected, long actual, long tolerance) {
    assertTrue(
        Math.abs(actual - expected) <= tolerance,
        () -> "expected " + expected + " +- " + tolerance + ", was " + actual);
  }

  List<PacketStamp> packets() {
    return packets;
  }
}
