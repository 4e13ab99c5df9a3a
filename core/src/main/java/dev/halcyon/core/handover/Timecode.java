package dev.halcyon.core.handover;

import dev.halcyon.core.media.FrameRate;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How frames are numbered in hours, minutes, seconds and frames (SMPTE ST 12-1). At 29.97 and 59.94
 * frames a second drop-frame numbering passes over two or four numbers each minute but the tenth,
 * and so stays with the clock.
 *
 * @param isDropFrame only at 30000/1001 and 60000/1001
 */
public record Timecode(FrameRate rate, boolean isDropFrame) {
  private static final Pattern FORM =
      Pattern.compile("([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d)[:;.](\\d{2})");

  public Timecode {
    Objects.requireNonNull(rate, "rate");
    boolean canDrop =
        rate.denominator() == 1001 && (rate.numerator() == 30_000 || rate.numerator() == 60_000);
    if (isDropFrame && !canDrop) {
      throw new IllegalArgumentException("no drop-frame numbers at this rate [rate=" + rate + "]");
    }
  }

  /** Frames that are counted as one second. */
  public int framesASecond() {
    return Math.ceilDiv(rate.numerator(), rate.denominator());
  }

  private long droppedAMinute() {
    return isDropFrame ? framesASecond() / 15 : 0;
  }

  private long framesAMinute() {
    return 60L * framesASecond() - droppedAMinute();
  }

  private long framesTenMinutes() {
    return 10 * framesAMinute() + droppedAMinute();
  }

  /** The number of a frame, counted from 0 at midnight; it begins anew after a day. */
  public String format(long frame) {
    long inDay = Math.floorMod(frame, 144 * framesTenMinutes());
    long tens = inDay / framesTenMinutes();
    long rest = inDay % framesTenMinutes();
    long first = 60L * framesASecond();
    long minutes = rest < first ? 0 : 1 + (rest - first) / framesAMinute();
    long number = inDay + droppedAMinute() * (9 * tens + minutes);
    long seconds = number / framesASecond();
    return String.format(
        Locale.ROOT,
        "%02d:%02d:%02d%s%02d",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        isDropFrame ? ";" : ":",
        number % framesASecond());
  }

  /**
   * The frame that has a number.
   *
   * @throws IllegalArgumentException when the text is no time code, or a number that is passed over
   */
  public long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(4)) >= framesASecond()) {
      throw new IllegalArgumentException("no time code [text=" + text + "]");
    }
    long minutes = 60 * Long.parseLong(form.group(1)) + Long.parseLong(form.group(2));
    long seconds = Long.parseLong(form.group(3));
    long frames = Long.parseLong(form.group(4));
    boolean isDropped = minutes % 10 != 0 && seconds == 0 && frames < droppedAMinute();
    if (isDropped) {
      throw new IllegalArgumentException("a number that is passed over [text=" + text + "]");
    }
    long number = (minutes * 60 + seconds) * framesASecond() + frames;
    return number - droppedAMinute() * (minutes - minutes / 10);
  }
}
