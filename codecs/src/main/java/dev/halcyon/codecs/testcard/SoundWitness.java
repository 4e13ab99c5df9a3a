package dev.halcyon.codecs.testcard;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Listens to the decoded sound of a file. Its samples are a clock of their own: time stamps, which
 * some containers round to milliseconds, only place each unbroken run as a whole. One thread.
 */
final class SoundWitness {
  /** A marker and when the file sounds it. */
  record Sounded(MarkerWord word, long atUs) {}

  /**
   * Time stamps that are off by more end a run; rounding gives 1 ms at most, and filling with
   * silence half an AAC packet.
   */
  private static final long MAX_JITTER_US = 12_500;

  private final int sampleRateHz;
  private final MarkerReader reader;
  private final List<Run> runs = new ArrayList<>();
  private final List<Verdict.SoundGap> gaps = new ArrayList<>();
  private long samples;
  private List<Sounded> sounded = List.of();

  SoundWitness(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
    reader = new MarkerReader(sampleRateHz);
  }

  void onSound(AVFrame frame, long atUs) {
    if (frame.sample_rate() != sampleRateHz) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "the sample rate changes from " + sampleRateHz + " to " + frame.sample_rate() + " Hz");
    }
    place(atUs);
    float[] mono = MonoSamples.of(frame);
    reader.accept(mono, mono.length);
    samples += mono.length;
  }

  /** Ends the listening. */
  void finish() {
    sounded =
        reader.finish().stream()
            .map(heard -> new Sounded(heard.word(), usAt(heard.position())))
            .toList();
  }

  /** After {@link #finish}: the markers in the order in which they sound. */
  List<Sounded> sounded() {
    return sounded;
  }

  boolean heardAny() {
    return samples > 0;
  }

  long startUs() {
    return usAt(0);
  }

  long endUs() {
    return usAt((double) samples);
  }

  Verdict.Sound verdict() {
    TreeSet<Long> times = new TreeSet<>();
    List<Long> repeated = new ArrayList<>();
    Set<Integer> cardIds = new TreeSet<>();
    for (Sounded marker : sounded) {
      cardIds.add(marker.word().cardId());
      if (!times.add(marker.word().timeUs())) {
        repeated.add(marker.word().timeUs());
      }
    }
    return new Verdict.Sound(
        sounded.size(),
        times.isEmpty() ? Verdict.NO_MARKER : times.first(),
        times.isEmpty() ? Verdict.NO_MARKER : times.last(),
        missing(times),
        repeated,
        reader.unreadable(),
        samples,
        sampleRateHz,
        heardAny() ? startUs() : 0,
        heardAny() ? endUs() : 0,
        List.copyOf(gaps),
        Set.copyOf(cardIds));
  }

  private void place(long atUs) {
    if (runs.isEmpty()) {
      runs.add(new Run(0, atUs == AV_NOPTS_VALUE ? 0 : atUs));
      return;
    }
    if (atUs == AV_NOPTS_VALUE) {
      return;
    }
    Run run = runs.getLast();
    long expectedUs = run.startUs + durationUs(samples - run.firstSample);
    if (Math.abs(atUs - expectedUs) > MAX_JITTER_US) {
      gaps.add(new Verdict.SoundGap(expectedUs, atUs - expectedUs));
      runs.add(new Run(samples, atUs));
    } else {
      run.deviationsUs.add(atUs - expectedUs);
    }
  }

  private long durationUs(long count) {
    return Math.round(count * 1e6 / sampleRateHz);
  }

  private long usAt(double position) {
    Run run = runs.getFirst();
    for (Run next : runs) {
      if (next.firstSample <= position) {
        run = next;
      }
    }
    return run.placedUs() + Math.round((position - run.firstSample) * 1e6 / sampleRateHz);
  }

  /** The tenths of a second between markers are the smallest step that was heard. */
  private static List<Long> missing(NavigableSet<Long> times) {
    long step = Long.MAX_VALUE;
    for (Long time : times) {
      Long next = times.higher(time);
      step = next == null ? step : Math.min(step, next - time);
    }
    List<Long> missing = new ArrayList<>();
    for (Long time : times) {
      Long next = times.higher(time);
      for (long absent = time + step; next != null && absent < next; absent += step) {
        missing.add(absent);
      }
    }
    return missing;
  }

  /** Samples without a break. */
  private static final class Run {
    final long firstSample;
    final long startUs;
    final List<Long> deviationsUs = new ArrayList<>();

    Run(long firstSample, long startUs) {
      this.firstSample = firstSample;
      this.startUs = startUs;
      deviationsUs.add(0L);
    }

    /** The start, with the rounding of single stamps evened out: their median. */
    long placedUs() {
      List<Long> sorted = deviationsUs.stream().sorted().toList();
      return startUs + sorted.get(sorted.size() / 2);
    }
  }
}
