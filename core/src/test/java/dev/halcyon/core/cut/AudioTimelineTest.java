package dev.halcyon.core.cut;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AudioTimelineTest {
  private static TrackPackets track(TrackFormat format, long... ptsUs) {
    Stamps stamps = new Stamps();
    for (long pts : ptsUs) {
      stamps.add(pts, pts, true);
    }
    return new TrackPackets(1, List.of(format), stamps.packets());
  }

  @Test
  void countsSamplesWhateverTheJitter() {
    long seed = 7;
    Random random = new Random(seed);
    long[] ptsUs = new long[500];
    for (int i = 0; i < ptsUs.length; i++) {
      ptsUs[i] = 5_000_000 + i * 1_024L * 1_000_000 / 48_000 + random.nextInt(-8_000, 8_000);
    }
    AudioTimeline timeline = AudioTimeline.of(track(Stamps.AAC_48K, ptsUs));
    for (int i = 0; i < ptsUs.length; i++) {
      assertEquals(i * 1_024L, timeline.startTicks(i), "seed " + seed);
    }
    Stamps.assertNear(5_000_000, timeline.streamUsAt(0), 2_000);
  }

  @Test
  void isAnchoredAnewAfterAHole() {
    long[] ptsUs = new long[100];
    for (int i = 0; i < ptsUs.length; i++) {
      ptsUs[i] = i * 1_024L * 1_000_000 / 48_000 + (i < 60 ? 0 : 250_000);
    }
    AudioTimeline timeline = AudioTimeline.of(track(Stamps.AAC_48K, ptsUs));
    assertEquals(59 * 1_024, timeline.startTicks(59));
    assertEquals(60 * 1_024, timeline.endTicks(59));
    Stamps.assertNear(60 * 1_024 + 12_000, timeline.startTicks(60), 1);
  }

  @Test
  void ignoresAShortExcursion() {
    long[] ptsUs = new long[100];
    for (int i = 0; i < ptsUs.length; i++) {
      ptsUs[i] = i * 1_024L * 1_000_000 / 48_000 + (i >= 30 && i < 40 ? 60_000 : 0);
    }
    AudioTimeline timeline = AudioTimeline.of(track(Stamps.AAC_48K, ptsUs));
    assertEquals(99 * 1_024, timeline.startTicks(99));
  }

  @Test
  void neverRunsBackwards() {
    long[] ptsUs = new long[200];
    for (int i = 0; i < ptsUs.length; i++) {
      ptsUs[i] = i * 1_024L * 1_000_000 / 48_000 - (i < 100 ? 0 : 90_000);
    }
    AudioTimeline timeline = AudioTimeline.of(track(Stamps.AAC_48K, ptsUs));
    for (int i = 1; i < ptsUs.length; i++) {
      assertEquals(1, Long.signum(timeline.startTicks(i) - timeline.startTicks(i - 1)));
    }
    Stamps.assertNear(199 * 1_024 - 4_320, timeline.startTicks(199), 1);
  }

  @Test
  void knowsThePacketLengthsOfAac() {
    // Type 5 (SBR signalled), core rate 24 kHz, output 48 kHz: 2048 samples a packet.
    AudioFormat highEfficiency =
        new AudioFormat(
            Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x2b, 0x11, (byte) 0x88, 0}));
    AudioTimeline timeline = AudioTimeline.of(track(highEfficiency, 0, 42_667, 85_333));
    assertEquals(4_096, timeline.startTicks(2));
    AudioFormat shortFrames =
        new AudioFormat(Codec.AAC, 48_000, 2, Bytes.copyOf(new byte[] {0x11, (byte) 0x94}));
    assertEquals(1_920, AudioTimeline.of(track(shortFrames, 0, 20_000, 40_000)).startTicks(2));
  }

  @Test
  void measuresOpusPacketsByTheirStamps() {
    AudioTimeline timeline = AudioTimeline.of(track(Stamps.OPUS, 0, 60_000, 120_000, 140_000));
    assertEquals(2 * 2_880, timeline.startTicks(2));
    assertEquals(2 * 2_880 + 960, timeline.startTicks(3));
  }
}
