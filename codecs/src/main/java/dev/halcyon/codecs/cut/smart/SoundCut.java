package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.decode.AudioDecoder;
import dev.halcyon.codecs.mux.AudioEncoder;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes a track of sound whose packets begin at the clip's first sample: all of it encoded anew as
 * AAC, since packets that begin elsewhere would need an edit list. Where there is no sound, there
 * is silence. One thread, one use.
 */
final class SoundCut implements AutoCloseable {
  /** A channel's; FFmpeg's encoder is transparent there. */
  private static final int BITRATE_BPS = 96_000;

  /** What the rounding of time stamps to microseconds may make of a seamless sound. */
  private static final long SEAM_SAMPLES = 2;

  /** Far from every sample, but not so far that a distance overflows. */
  private static final long NOWHERE = Long.MIN_VALUE / 2;

  private final SealedClip.Stream stream;
  private final int index;
  private final long lengthUs;
  private final Scratch scratch;
  private final List<OutputTrack.Sample> samples = new ArrayList<>();
  private AudioEncoder encoder;
  private int sampleRateHz;
  private float[][] frame;
  private int filled;
  private long written;
  private long expected = NOWHERE;

  private SoundCut(SealedClip.Stream stream, int index, long lengthUs, Scratch scratch) {
    this.stream = stream;
    this.index = index;
    this.lengthUs = lengthUs;
    this.scratch = scratch;
  }

  /**
   * @param index of the track in its epoch
   * @param lengthUs of the clip
   * @throws HalcyonException UNSUPPORTED_MEDIA for a sound that AAC does not carry; CORRUPT_MEDIA
   *     when nothing of it can be decoded
   */
  static OutputTrack make(SealedClip.Stream stream, int index, long lengthUs, Scratch scratch)
      throws IOException {
    try (SoundCut cut = new SoundCut(stream, index, lengthUs, scratch)) {
      return cut.make();
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private OutputTrack make() throws IOException {
    for (int format = 0; format < stream.formats().size(); format++) {
      decode(format);
    }
    if (encoder == null) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "nothing of the sound can be decoded");
    }
    long length = samplesOf(lengthUs);
    addSilence(length);
    if (filled > 0) {
      addSilence(written + frame[0].length - filled);
    }
    encoder.finish(this::onUnit);
    OutputTrack track = new OutputTrack(index, sampleRateHz, lengthUs);
    samples.stream().filter(sample -> sample.ptsTicks() < length).forEach(track::add);
    return track;
  }

  /** Packets of one configuration follow each other. */
  private void decode(int formatIndex) throws IOException {
    AudioFormat format = (AudioFormat) stream.formats().get(formatIndex);
    try (AudioDecoder decoder = new AudioDecoder(format)) {
      for (SealedClip.Packet packet : stream.packets()) {
        if (packet.formatIndex() == formatIndex) {
          decoder.decode(packet.payload().bytes().asBuffer(), packet.ptsUs(), this::onSound);
        }
      }
    }
  }

  private long samplesOf(long us) {
    return Math.round(us * (double) sampleRateHz / 1e6);
  }

  private void onSound(AudioBlock block) {
    if (encoder == null) {
      open(block);
    }
    if (block.sampleRateHz() != sampleRateHz) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "the sound's sample rate changes");
    }
    long at = samplesOf(block.ptsUs());
    if (Math.abs(at - expected) <= SEAM_SAMPLES) {
      at = expected;
    }
    expected = at + block.samples();
    for (Placement.Part part : stream.placement().parts()) {
      long begin = samplesOf(part.mediaUs());
      long from = Math.max(at, begin);
      long to = Math.min(at + block.samples(), begin + samplesOf(part.lengthUs()));
      if (from < to) {
        add(block, (int) (from - at), (int) (to - at), samplesOf(part.atUs()) + from - begin);
      }
    }
  }

  private void open(AudioBlock first) {
    sampleRateHz = first.sampleRateHz();
    int channels = first.channels();
    encoder =
        new AudioEncoder(
            new AudioEncoder.Settings(Codec.AAC, sampleRateHz, channels, BITRATE_BPS * channels));
    frame = new float[channels][encoder.frameSamples()];
  }

  /** Adds a part of a block where it belongs, unless that is past already. */
  private void add(AudioBlock block, int from, int to, long at) {
    if (at > written + SEAM_SAMPLES) {
      addSilence(at);
    }
    int next = from + Math.clamp(written - at, 0, to - from);
    while (next < to) {
      int count = Math.min(to - next, frame[0].length - filled);
      for (int channel = 0; channel < frame.length; channel++) {
        // Another number of channels meanwhile: the last one stands for those that are missing.
        float[] plane = block.planes()[Math.min(channel, block.channels() - 1)];
        System.arraycopy(plane, next, frame[channel], filled, count);
      }
      next += count;
      advance(count);
    }
  }

  private void addSilence(long until) {
    while (written < until) {
      int count = (int) Math.min(until - written, frame[0].length - filled);
      for (float[] plane : frame) {
        Arrays.fill(plane, filled, filled + count, 0f);
      }
      advance(count);
    }
  }

  private void advance(int count) {
    filled += count;
    written += count;
    if (filled == frame[0].length) {
      encoder.encode(frame, written - filled, this::onUnit);
      filled = 0;
    }
  }

  /**
   * What an encoder gives before the first sample warms decoders up and would be heard as a delay;
   * without it the first packet fades in.
   */
  private void onUnit(EncodedUnit unit) {
    if (unit.pts() < 0) {
      return;
    }
    try {
      samples.add(
          new OutputTrack.Sample(
              unit.pts(), true, encoder.format(), scratch.add(unit.payload().asBuffer())));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
