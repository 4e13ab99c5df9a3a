package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MP3 comes out frame by frame, as it was; G.711 sample by sample, with silence where it lacks. */
class SoundDepacketizerTest {
  private static final long SEED = 20_261_122L;

  /** 1152 samples at 44.1 kHz. */
  private static final double MP3_FRAME_US = 1_152_000_000 / 44_100.0;

  private static final int G711_BYTES = 160;

  private static MediaReceiver.Medium sound(int type, String encoding, int clockHz) {
    return new MediaReceiver.Medium(
        MediaKind.AUDIO, new RtpFormat(type, encoding, clockHz, 1, Map.of()));
  }

  /** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo: 417 bytes, or 418 with padding. */
  private static List<byte[]> mp3Frames(int count) {
    Random random = new Random(SEED);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean isPadded = i % 3 == 1;
      byte[] frame = new byte[isPadded ? 418 : 417];
      random.nextBytes(frame);
      ByteBuffer.wrap(frame).putInt(0, 0xfffb_9000 | (isPadded ? 0x200 : 0));
      frames.add(frame);
    }
    return frames;
  }

  private static byte[] mp3Payload(int offset, byte[]... parts) {
    byte[] header = {0, 0, (byte) (offset >> 8), (byte) offset};
    return Payloads.concat(header, Payloads.concat(parts));
  }

  private static void assertFrames(List<byte[]> frames, ReceiverRun run) {
    List<RecordingPublication.Packet> packets = run.publication.packets(0);
    assertEquals(frames.size(), packets.size());
    for (int i = 0; i < frames.size(); i++) {
      assertEquals(Bytes.copyOf(frames.get(i)), packets.get(i).payload(), "frame " + i);
      long expectedUs = packets.getFirst().ptsUs() + Math.round(i * MP3_FRAME_US);
      ReceiverRun.assertNear(expectedUs, packets.get(i).ptsUs(), 60, "pts " + i);
    }
  }

  @Test
  void keepsMp3WithSeveralFramesInAPacket() {
    List<byte[]> frames = mp3Frames(30);
    RtpSender sender = new RtpSender(14, 90_000, 5, 65_530, 0xffff_ff00L);
    try (ReceiverRun run = new ReceiverRun(List.of(sound(14, "MPA", 90_000)))) {
      for (int i = 0; i < frames.size(); i += 2) {
        byte[] payload = mp3Payload(0, frames.get(i), frames.get(i + 1));
        run.send(0, sender.packet(sender.stamp(Math.round(i * MP3_FRAME_US)), false, payload));
      }
      run.passMs(StartGate.MAX_WAIT_NS / 1_000_000);
      assertFrames(frames, run);
      AudioFormat format = (AudioFormat) run.publication.tracks().getFirst().format();
      assertEquals(Codec.MP3, format.codec());
      assertEquals(44_100, format.sampleRateHz());
      assertEquals(2, format.channels());
      assertEquals(List.of(), run.publication.seams());
    }
  }

  @Test
  void putsMp3FragmentsTogetherAndDropsAFrameThatMissesOne() {
    List<byte[]> frames = mp3Frames(12);
    int incomplete = 7;
    RtpSender sender = new RtpSender(14, 90_000, 5, 0, 0);
    try (ReceiverRun run = new ReceiverRun(List.of(sound(14, "MPA", 90_000)))) {
      for (int i = 0; i < frames.size(); i++) {
        byte[] frame = frames.get(i);
        int stamp = sender.stamp(Math.round(i * MP3_FRAME_US));
        for (int at = 0; at < frame.length; at += 200) {
          byte[] part = Arrays.copyOfRange(frame, at, Math.min(frame.length, at + 200));
          byte[] datagram = sender.packet(stamp, false, mp3Payload(at, part));
          if (i != incomplete || at != 200) {
            run.send(0, datagram);
          }
        }
      }
      run.passMs(StartGate.MAX_WAIT_NS / 1_000_000);
      List<Bytes> expected = new ArrayList<>();
      for (int i = 0; i < frames.size(); i++) {
        if (i != incomplete) {
          expected.add(Bytes.copyOf(frames.get(i)));
        }
      }
      assertEquals(
          expected,
          run.publication.packets(0).stream().map(RecordingPublication.Packet::payload).toList());
      assertEquals(List.of(0), run.publication.seams());
    }
  }

  /** Takes samples and gives back one packet for each call. */
  private static final class Ear implements SoundEncoding {
    private final Sink sink;
    private final int rateHz;
    private final List<Float> samples = new ArrayList<>();

    Ear(Sink sink, int rateHz) {
      this.sink = sink;
      this.rateHz = rateHz;
    }

    @Override
    public boolean encode(float[][] planes) {
      if (samples.isEmpty()) {
        sink.onFormat(
            new AudioFormat(Codec.AAC, rateHz, 1, Bytes.copyOf(new byte[] {0x15, (byte) 0x88})));
      }
      long atUs = samples.size() * 1_000_000L / rateHz;
      for (float sample : planes[0]) {
        samples.add(sample);
      }
      sink.onPacket(atUs, ByteBuffer.wrap(new byte[] {(byte) planes[0].length}));
      return true;
    }

    @Override
    public void close() {}

    int[] heard(int from, int to) {
      return samples.subList(from, to).stream()
          .mapToInt(sample -> Math.round(sample * 0x1p15f))
          .toArray();
    }
  }

  /** Values of the tables of ITU-T G.711, as 16 bits. */
  @ParameterizedTest
  @ValueSource(strings = {"PCMU", "PCMA"})
  void hearsG711AsItsTablesSay(String encoding) {
    boolean isMuLaw = encoding.equals("PCMU");
    int[] codes =
        isMuLaw
            ? new int[] {0x80, 0x00, 0xff, 0x7f, 0xfe, 0x7e, 0xf0, 0xb0, 0x8f}
            : new int[] {0xaa, 0x2a, 0xd5, 0x55, 0xd4, 0x54, 0xc5, 0x80, 0x95};
    int[] values =
        isMuLaw
            ? new int[] {32_124, -32_124, 0, 0, 8, -8, 120, 3_900, 16_764}
            : new int[] {32_256, -32_256, 8, -8, 24, -24, 264, 5_504, 2_112};
    assertEquals(codes.length, values.length);
    byte[] payload = new byte[codes.length];
    for (int i = 0; i < codes.length; i++) {
      payload[i] = (byte) codes[i];
    }
    List<Ear> ears = new ArrayList<>();
    RtpSender sender = new RtpSender(isMuLaw ? 0 : 8, 8_000, 5, 0, 0);
    try (ReceiverRun run = g711(encoding, ears)) {
      run.send(0, sender.packet(0, true, payload));
      assertArrayEquals(values, ears.getFirst().heard(0, values.length));
    }
  }

  private static ReceiverRun g711(String encoding, List<Ear> ears) {
    int type = encoding.equals("PCMU") ? 0 : 8;
    return new ReceiverRun(
        List.of(sound(type, encoding, 8_000)),
        ReceiverRun.WAIT_MS,
        (rateHz, channels, sink) -> {
          ears.add(new Ear(sink, rateHz));
          return ears.getLast();
        });
  }

  @Test
  void fillsLostG711WithSilenceAndBeginsAnewAfterALongGap() {
    List<Ear> ears = new ArrayList<>();
    RtpSender sender = new RtpSender(8, 8_000, 5, 65_000, 0xffff_ff00L);
    byte[] loud = new byte[G711_BYTES];
    Arrays.fill(loud, (byte) 0xaa);
    try (ReceiverRun run = g711("PCMA", ears)) {
      for (int i = 0; i < 50; i++) {
        byte[] datagram = sender.packet(sender.stamp(i * 20_000L), false, loud);
        if (i != 10 && i != 11) {
          run.atUs(i * 20_000L).send(0, datagram);
        }
        run.passMs(0);
      }
      run.atUs(1_000_000).passMs(ReceiverRun.WAIT_MS);
      assertEquals(1, ears.size());
      int[] heard = ears.getFirst().heard(0, 50 * G711_BYTES);
      for (int i = 0; i < heard.length; i++) {
        boolean isLost = i / G711_BYTES == 10 || i / G711_BYTES == 11;
        assertEquals(isLost ? 0 : 32_256, heard[i], "sample " + i);
      }
      assertEquals(2, run.receiver.counts().lostPackets());
      assertEquals(1, run.receiver.counts().concealedSounds());
      run.atUs(4_000_000).send(0, sender.packet(sender.stamp(4_000_000), true, loud));
      assertEquals(2, ears.size());
      List<RecordingPublication.Packet> packets = run.publication.packets(0);
      assertTrue(packets.getLast().ptsUs() - packets.getFirst().ptsUs() >= 3_999_000);
      assertEquals(Codec.AAC, run.publication.tracks().getFirst().format().codec());
    }
  }
}
