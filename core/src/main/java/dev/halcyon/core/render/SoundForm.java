package dev.halcyon.core.render;

import java.util.Objects;

/**
 * The sound of a render: AAC-LC, 48,000 Hz, two channels.
 *
 * @param targetLufs integrated loudness (EBU R128) of the clip as a whole
 * @param ceilingDbtp true peak that is not exceeded
 * @param fadeUs at each end of each part, against clicks; 0 for none
 * @param bitrateBps of both channels together
 */
public record SoundForm(
    double targetLufs, double ceilingDbtp, long fadeUs, Denoise denoise, int bitrateBps) {
  /** What is done against noise. */
  public enum Denoise {
    OFF,
    /**
     * FFmpeg's {@code afftdn}: steady noise, such as hiss and hum, is taken out of the spectrum.
     */
    SPECTRAL
  }

  /** What platforms play at: −14 LUFS, −1 dBTP; 10 ms fades, 192 kb/s. */
  public static final SoundForm USUAL = new SoundForm(-14, -1, 10_000, Denoise.OFF, 192_000);

  public SoundForm {
    Objects.requireNonNull(denoise, "denoise");
    if (!(targetLufs >= -40 && targetLufs <= -5 && ceilingDbtp >= -20 && ceilingDbtp <= 0)) {
      throw new IllegalArgumentException(
          "loudness out of range [targetLufs=" + targetLufs + ", ceilingDbtp=" + ceilingDbtp + "]");
    }
    if (fadeUs < 0 || fadeUs > 1_000_000 || bitrateBps < 32_000 || bitrateBps > 512_000) {
      throw new IllegalArgumentException(
          "sound out of range [fadeUs=" + fadeUs + ", bitrateBps=" + bitrateBps + "]");
    }
  }

  public SoundForm withDenoise(Denoise other) {
    return new SoundForm(targetLufs, ceilingDbtp, fadeUs, other, bitrateBps);
  }
}
