package dev.halcyon.codecs.render;

import dev.halcyon.codecs.audio.ProgrammeLoudness;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.codecs.decode.AudioDecoder;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/**
 * What coded sound measures when it is decoded again.
 *
 * @param integratedLufs empty for silence
 * @param truePeakDbtp −∞ for silence
 */
record SoundCheck(OptionalDouble integratedLufs, double truePeakDbtp) {
  static SoundCheck of(CodedFile coded, Stop stop) throws IOException {
    ProgrammeLoudness loudness = new ProgrammeLoudness(SoundScratch.RATE_HZ, Speaker.STEREO);
    try (AudioDecoder decoder = new AudioDecoder(format(coded))) {
      for (int packet = 0; packet < coded.count(); packet++) {
        stop.check();
        ByteBuffer payload = ByteBuffer.allocate(coded.sizeBytes(packet));
        coded.payload(packet, payload);
        decoder.decode(
            payload.flip(),
            packet * 1_000_000L * 1024 / SoundScratch.RATE_HZ,
            block -> loudness.add(block.planes(), block.samples()));
      }
    }
    return new SoundCheck(loudness.integratedLufs(), loudness.truePeakDbtp());
  }

  static AudioFormat format(CodedFile coded) {
    return new AudioFormat(Codec.AAC, SoundScratch.RATE_HZ, SoundScratch.CHANNELS, coded.config());
  }
}
