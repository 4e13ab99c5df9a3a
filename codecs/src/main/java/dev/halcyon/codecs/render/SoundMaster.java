package dev.halcyon.codecs.render;

import dev.halcyon.codecs.audio.ProgrammeLoudness;
import dev.halcyon.codecs.audio.Speaker;
import dev.halcyon.codecs.mux.AudioEncoder;
import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.SoundForm.Denoise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Makes the sound of a clip: decoded once, denoised where that is asked for, faded at its cuts,
 * brought to the wanted loudness under the wanted true peak, and encoded as AAC in one go. What the
 * encoder made is measured, not what went in. One platform thread.
 */
final class SoundMaster {
  /** Beyond that it is noise that is made loud. */
  private static final double MAX_GAIN_DB = 30;

  /** A limiter takes loudness away: the gain is corrected until so near. */
  private static final double NEAR_LU = 0.1;

  private static final int MAX_PASSES = 6;

  /** AAC changes peaks by some tenths of a dB: room for that, and more when it was not enough. */
  private static final double ROOM_DB = 0.3;

  private static final int MAX_ENCODINGS = 4;

  private final RenderSpec spec;
  private final ChunkFolder folder;
  private final Stop stop;

  SoundMaster(RenderSpec spec, ChunkFolder folder, Stop stop) {
    this.spec = spec;
    this.folder = folder;
    this.stop = stop;
  }

  /** Leaves the coded sound in the folder, under the spec's key for it; tells what it measures. */
  SoundCheck make(Path file) throws IOException {
    try (SoundScratch decoded = new SoundScratch(folder.scratch())) {
      SourceSound.read(file, spec, stop, decoded);
      if (spec.sound().denoise() == Denoise.SPECTRAL) {
        try (SoundScratch clean = new SoundScratch(folder.scratch())) {
          Denoiser.run(decoded, clean, stop);
          return master(clean);
        }
      }
      return master(decoded);
    }
  }

  private SoundCheck master(SoundScratch sound) throws IOException {
    // Nobody finds it before it was measured: a render that is stopped meanwhile would leave a
    // sound that is too loud under the name of the right one.
    String attempt = folder.attemptAt(spec.soundKey());
    try {
      double ceilingDb = spec.sound().ceilingDbtp() - ROOM_DB;
      SoundCheck made = make(attempt, sound, ceilingDb);
      for (int i = 1; overDb(made) > 0 && i < MAX_ENCODINGS; i++) {
        ceilingDb -= overDb(made) + 0.05;
        made = make(attempt, sound, ceilingDb);
      }
      folder.rename(attempt, spec.soundKey());
      return made;
    } finally {
      folder.remove(attempt);
    }
  }

  /** By how much the peaks are too high. */
  private double overDb(SoundCheck made) {
    return made.truePeakDbtp() - spec.sound().ceilingDbtp();
  }

  /** Encodes it, and measures what came of it. */
  private SoundCheck make(String key, SoundScratch sound, double ceilingDb) throws IOException {
    double gainDb = gain(sound, ceilingDb);
    try (CodedFileWriter out = folder.begin(key)) {
      encode(sound, gainDb, ceilingDb, out);
    }
    try (CodedFile made = folder.find(key).orElseThrow()) {
      return SoundCheck.of(made, stop);
    }
  }

  /** What brings the sound, limited to a ceiling, to the wanted loudness. */
  private double gain(SoundScratch sound, double ceilingDb) throws IOException {
    ProgrammeLoudness plain = new ProgrammeLoudness(SoundScratch.RATE_HZ, Speaker.STEREO);
    SoundFades fades = new SoundFades(spec);
    sound.each(
        (planes, count) -> {
          stop.check();
          fades.apply(planes, count);
          plain.add(planes, count);
        });
    OptionalDouble lufs = plain.integratedLufs();
    if (lufs.isEmpty()) {
      return 0;
    }
    double gainDb = bounded(spec.sound().targetLufs() - lufs.getAsDouble());
    for (int i = 0; i < MAX_PASSES && plain.truePeakDbtp() + gainDb > ceilingDb; i++) {
      ProgrammeLoudness limited = new ProgrammeLoudness(SoundScratch.RATE_HZ, Speaker.STEREO);
      each(sound, gainDb, ceilingDb, limited::add);
      double missing = spec.sound().targetLufs() - limited.integratedLufs().orElse(-70);
      gainDb = bounded(gainDb + missing);
      if (Math.abs(missing) < NEAR_LU) {
        break;
      }
    }
    return gainDb;
  }

  private static double bounded(double gainDb) {
    return Math.min(gainDb, MAX_GAIN_DB);
  }

  private void each(SoundScratch sound, double gainDb, double ceilingDb, SoundScratch.Sink sink)
      throws IOException {
    PeakLimiter limiter = new PeakLimiter(factor(gainDb), factor(ceilingDb));
    SoundFades fades = new SoundFades(spec);
    sound.each(
        (planes, count) -> {
          stop.check();
          fades.apply(planes, count);
          limiter.add(planes, count, sink);
        });
    limiter.finish(sink);
  }

  private static double factor(double db) {
    return Math.pow(10, db / 20);
  }

  private void encode(SoundScratch sound, double gainDb, double ceilingDb, CodedFileWriter out)
      throws IOException {
    try (AudioEncoder encoder =
        new AudioEncoder(
            new AudioEncoder.Settings(
                Codec.AAC,
                SoundScratch.RATE_HZ,
                SoundScratch.CHANNELS,
                spec.sound().bitrateBps()))) {
      FrameFiller frames = new FrameFiller(encoder, out);
      each(sound, gainDb, ceilingDb, frames::add);
      frames.finish();
      out.commit(encoder.format().config());
    }
  }

  /** Cuts sound into frames of the encoder's length; the last is filled up with silence. */
  private static final class FrameFiller {
    private final AudioEncoder encoder;
    private final CodedFileWriter out;
    private final float[][] frame;
    private final List<EncodedUnit> units = new ArrayList<>();
    private int filled;
    private long encoded;

    FrameFiller(AudioEncoder encoder, CodedFileWriter out) {
      this.encoder = encoder;
      this.out = out;
      this.frame = new float[SoundScratch.CHANNELS][encoder.frameSamples()];
    }

    void add(float[][] planes, int count) throws IOException {
      int from = 0;
      while (from < count) {
        int now = Math.min(count - from, frame[0].length - filled);
        for (int channel = 0; channel < frame.length; channel++) {
          System.arraycopy(planes[channel], from, frame[channel], filled, now);
        }
        from += now;
        filled += now;
        if (filled == frame[0].length) {
          encode();
        }
      }
    }

    private void encode() throws IOException {
      encoder.encode(frame, encoded, units::add);
      encoded += frame[0].length;
      filled = 0;
      write();
    }

    void finish() throws IOException {
      if (filled > 0) {
        for (float[] plane : frame) {
          java.util.Arrays.fill(plane, filled, plane.length, 0);
        }
        encode();
      }
      encoder.finish(units::add);
      write();
    }

    private void write() throws IOException {
      for (EncodedUnit unit : units) {
        out.add(unit.pts(), true, unit.payload());
      }
      units.clear();
    }
  }
}
