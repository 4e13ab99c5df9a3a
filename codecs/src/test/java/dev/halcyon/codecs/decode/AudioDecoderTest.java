package dev.halcyon.codecs.decode;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.codecs.media.CodedTrack;
import dev.halcyon.codecs.media.CodedTrack.CodedPacket;
import dev.halcyon.codecs.media.MediaFactory;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AudioDecoderTest {
  private static final int RATE_HZ = 48_000;

  private static double sine(double hz, double amplitude, long sample) {
    return amplitude * Math.sin(2 * Math.PI * hz * sample / RATE_HZ);
  }

  private static CodedTrack stereo(String encoder, Codec codec) {
    return MediaFactory.sound(
        encoder,
        codec,
        RATE_HZ,
        2,
        2 * RATE_HZ,
        (channel, sample) -> sine(channel == 0 ? 440 : 1_000, channel == 0 ? 0.5 : 0.25, sample));
  }

  /** Root mean square of the blocks that begin in the track's second second. */
  private static double rms(AudioDecoder decoder, CodedTrack track, int channel) {
    double[] sums = new double[2];
    for (CodedPacket packet : track.packets()) {
      decoder.decode(
          packet.payload(),
          packet.ptsUs(),
          block -> {
            if (block.ptsUs() > 1_000_000) {
              for (int i = 0; i < block.samples(); i++) {
                sums[0] += block.planes()[channel][i] * block.planes()[channel][i];
              }
              sums[1] += block.samples();
            }
          });
    }
    return Math.sqrt(sums[0] / sums[1]);
  }

  @ParameterizedTest
  @CsvSource({"aac,AAC", "opus,OPUS", "libmp3lame,MP3", "ac3,AC3"})
  void decodesBothChannelsAtTheSourcesRate(String encoder, Codec codec) throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = stereo(encoder, codec);
          for (int channel = 0; channel < 2; channel++) {
            try (AudioDecoder decoder = new AudioDecoder((AudioFormat) track.format())) {
              double expected = (channel == 0 ? 0.5 : 0.25) / Math.sqrt(2);
              assertEquals(expected, rms(decoder, track, channel), expected * 0.05, codec.name());
              assertEquals(0, decoder.corruptPackets());
            }
          }
        });
  }

  @Test
  void statesTimeRateAndSpeakersOfEachBlock() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = stereo("aac", Codec.AAC);
          long[] nextUs = {Long.MIN_VALUE};
          try (AudioDecoder decoder = new AudioDecoder((AudioFormat) track.format())) {
            for (CodedPacket packet : track.packets()) {
              decoder.decode(
                  packet.payload(),
                  packet.ptsUs(),
                  block -> {
                    assertEquals(RATE_HZ, block.sampleRateHz());
                    assertEquals(Speaker.STEREO, block.speakers());
                    assertEquals(packet.ptsUs(), block.ptsUs());
                    if (nextUs[0] != Long.MIN_VALUE) {
                      assertEquals(0, Math.abs(nextUs[0] - block.ptsUs()) / 2);
                    }
                    nextUs[0] = block.endUs();
                  });
            }
          }
          assertTrue(Math.abs(2_000_000 - nextUs[0]) < 50_000, "end " + nextUs[0]);
        });
  }

  @Test
  void countsAndPassesOverCorruptPackets() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = stereo("aac", Codec.AAC);
          Random random = new Random(7);
          int[] blocks = new int[1];
          try (AudioDecoder decoder = new AudioDecoder((AudioFormat) track.format())) {
            List<CodedPacket> packets = track.packets();
            for (int i = 0; i < packets.size(); i++) {
              ByteBuffer payload = packets.get(i).payload();
              if (i % 3 == 1) {
                byte[] noise = new byte[payload.remaining()];
                random.nextBytes(noise);
                payload = ByteBuffer.wrap(noise);
              } else if (i % 3 == 2) {
                payload = ByteBuffer.allocate(0);
              }
              decoder.decode(
                  payload,
                  packets.get(i).ptsUs(),
                  block -> {
                    blocks[0]++;
                    for (float[] plane : block.planes()) {
                      for (int s = 0; s < block.samples(); s++) {
                        assertTrue(Math.abs(plane[s]) <= 16, "finite and bounded");
                      }
                    }
                  });
            }
            assertTrue(decoder.corruptPackets() >= packets.size() / 2, "seed 7: counted");
            assertTrue(blocks[0] >= packets.size() / 3 - 1, "seed 7: good packets decoded");
          }
        });
  }

  @Test
  void aFailureOfTheSinkIsNotTakenForACorruptPacket() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = stereo("aac", Codec.AAC);
          try (AudioDecoder decoder = new AudioDecoder((AudioFormat) track.format())) {
            assertThrows(
                HalcyonException.class,
                () -> {
                  for (CodedPacket packet : track.packets()) {
                    decoder.decode(
                        packet.payload(),
                        packet.ptsUs(),
                        block -> {
                          throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "sink");
                        });
                  }
                });
            assertEquals(0, decoder.corruptPackets());
          }
        });
  }

  @Test
  void refusesADamagedConfigurationAndLeaksNothing() throws Throwable {
    assertNoLeak(
        () ->
            assertThrows(
                HalcyonException.class,
                () ->
                    new AudioDecoder(
                        new AudioFormat(
                            Codec.AAC, RATE_HZ, 2, Bytes.copyOf(new byte[] {(byte) 0xff, 0})))));
  }

  @Test
  void takesAnOpusConfigurationFromMp4() throws Throwable {
    assertNoLeak(
        () -> {
          CodedTrack track = stereo("opus", Codec.OPUS);
          // dOps: version 0, 2 channels, pre-skip 312, 48 kHz, gain −6 dB (Q8), family 0.
          byte[] box = {0, 2, 0x01, 0x38, 0, 0, (byte) 0xbb, (byte) 0x80, (byte) 0xfa, 0, 0};
          try (AudioDecoder decoder =
              new AudioDecoder(new AudioFormat(Codec.OPUS, RATE_HZ, 2, Bytes.copyOf(box)))) {
            double halved = 0.5 / Math.sqrt(2) * Math.pow(10, -6 / 20.0);
            assertEquals(halved, rms(decoder, track, 0), halved * 0.05, "gain of the header");
          }
        });
  }
}
