package dev.halcyon.core.media;

/**
 * How bright HDR media gets (CTA-861.3), in cd/m².
 *
 * @param maxCll of any sample, unsigned 16-bit
 * @param maxFall of any picture's average, unsigned 16-bit
 */
public record ContentLight(int maxCll, int maxFall) {
  public ContentLight {
    if ((maxCll | maxFall) >>> 16 != 0) {
      throw new IllegalArgumentException(
          "light level out of range [maxCll=" + maxCll + ", maxFall=" + maxFall + "]");
    }
  }
}
