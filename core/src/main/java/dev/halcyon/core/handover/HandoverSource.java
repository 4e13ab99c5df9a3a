package dev.halcyon.core.handover;

import dev.halcyon.core.media.FrameRate;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The media that an editor goes on with.
 *
 * @param name shown to people
 * @param url where it lies: {@code file:///…}, or relative to the hand-over's own place
 * @param rate frames a second of the time line; one that editors know
 * @param frames how many of these the media lasts, rounded down
 * @param firstTimecode frame number of its first frame, by its own time code; 0 without one
 * @param isDropFrame how its time code is written
 * @param widthPx as shown; 0 without pictures
 * @param heightPx as shown; 0 without pictures
 * @param soundChannels of the sound that is heard; 0 without sound
 * @param soundRateHz 0 without sound
 * @param firstSoundChannel how many channels other sounds of the media have before it
 * @param allSoundChannels of all sounds of the media
 */
public record HandoverSource(
    String name,
    String url,
    FrameRate rate,
    long frames,
    long firstTimecode,
    boolean isDropFrame,
    int widthPx,
    int heightPx,
    int soundChannels,
    int soundRateHz,
    int firstSoundChannel,
    int allSoundChannels) {
  public HandoverSource {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(url, "url");
    new Timecode(rate, isDropFrame);
    if (!HandoverRates.isKnown(rate)) {
      throw new IllegalArgumentException("no rate of editors [rate=" + rate + "]");
    }
    if (frames < 1 || firstTimecode < 0) {
      throw new IllegalArgumentException(
          "out of range [frames=" + frames + ", firstTimecode=" + firstTimecode + "]");
    }
    if (widthPx < 0 || heightPx < 0 || soundChannels < 0 || soundRateHz < 0) {
      throw new IllegalArgumentException(
          "out of range [widthPx=" + widthPx + ", soundChannels=" + soundChannels + "]");
    }
    if (firstSoundChannel < 0 || firstSoundChannel + soundChannels > allSoundChannels) {
      throw new IllegalArgumentException(
          "no such channels [first=" + firstSoundChannel + ", all=" + allSoundChannels + "]");
    }
    if (widthPx == 0 && soundChannels == 0) {
      throw new IllegalArgumentException("neither picture nor sound");
    }
  }

  public boolean hasPicture() {
    return widthPx > 0;
  }

  public boolean hasSound() {
    return soundChannels > 0;
  }

  /** Whether the media has other sounds than the one that is heard. */
  public boolean hasOtherSounds() {
    return soundChannels < allSoundChannels;
  }

  public Timecode timecode() {
    return new Timecode(rate, isDropFrame);
  }

  /** Whole frames that fit into a duration. */
  public static long framesIn(long durationUs, FrameRate rate) {
    return Math.multiplyExact(durationUs, (long) rate.numerator())
        / (1_000_000L * rate.denominator());
  }

  /** The frame whose begin is nearest to a media time. */
  long nearestFrame(long atUs) {
    long unit = 1_000_000L * rate.denominator();
    return Math.floorDiv(2 * Math.multiplyExact(atUs, (long) rate.numerator()) + unit, 2 * unit);
  }

  /**
   * The address of a file by its path, as these formats want it: percent-encoded UTF-8, absolute
   * ones with {@code file://}.
   *
   * @param path with {@code /} between its parts
   */
  public static String urlOf(String path) {
    StringBuilder url = new StringBuilder(path.startsWith("/") ? "file://" : "./");
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (isPlain || "/-._~".indexOf(b) >= 0) {
        url.append((char) b);
      } else {
        url.append(String.format("%%%02X", b & 0xff));
      }
    }
    return url.toString();
  }
}
