package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers the samples of one track of the new file. All of it is presented, from 0 to the clip's
 * end. Not thread-safe.
 */
final class OutputTrack {
  private final int index;
  private final int timescaleHz;
  private final long lengthUs;
  private final List<Sample> samples = new ArrayList<>();

  /**
   * @param ptsTicks when it is presented, from the clip's start
   */
  record Sample(long ptsTicks, boolean isSync, TrackFormat format, StoredPayload payload) {}

  /**
   * @param index of the track in its epoch
   * @param lengthUs of the clip
   */
  OutputTrack(int index, int timescaleHz, long lengthUs) {
    this.index = index;
    this.timescaleHz = timescaleHz;
    this.lengthUs = lengthUs;
  }

  /** In decoding order. */
  void add(Sample sample) {
    samples.add(sample);
  }

  int index() {
    return index;
  }

  List<Sample> samples() {
    return samples;
  }

  /**
   * Each once, that of the most samples first: what a reader says of a track it takes from its
   * first sample entry.
   */
  List<TrackFormat> formats() {
    Map<TrackFormat, Integer> uses = new LinkedHashMap<>();
    samples.forEach(sample -> uses.merge(sample.format(), 1, Integer::sum));
    return uses.entrySet().stream()
        .sorted(Map.Entry.<TrackFormat, Integer>comparingByValue().reversed())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How far the last packet of a sound, as long as the others are, reaches over the clip's end. */
  long overhangUs() {
    if (samples.size() < 2) {
      return 0;
    }
    long packetTicks = samples.get(1).ptsTicks() - samples.get(0).ptsTicks();
    long overTicks = samples.getLast().ptsTicks() + packetTicks - lengthTicks();
    return Math.round(overTicks * 1e6 / timescaleHz);
  }

  private long lengthTicks() {
    return Math.round(lengthUs * (double) timescaleHz / 1e6);
  }

  /**
   * The sample that is decoded n-th is decoded when the one that is shown n-th is shown: so
   * decoding begins at 0, as MP4 has it, and the first picture is shown at 0 without an edit list
   * that says so; the offsets of pictures that are decoded late are negative.
   */
  Mp4Track toTrack() {
    List<TrackFormat> formats = formats();
    long[] ptsTicks = samples.stream().mapToLong(Sample::ptsTicks).sorted().toArray();
    SampleTable table = new SampleTable();
    for (int i = 0; i < samples.size(); i++) {
      Sample sample = samples.get(i);
      long next = i + 1 < ptsTicks.length ? ptsTicks[i + 1] : Math.max(lengthTicks(), ptsTicks[i]);
      table.add(
          sample.payload().sizeBytes(),
          next - ptsTicks[i],
          sample.ptsTicks() - ptsTicks[i],
          sample.isSync() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
          formats.indexOf(sample.format()));
    }
    // All of it: what ignores this shows the same.
    return new Mp4Track(formats, timescaleHz, table, List.of(new CutEdit(lengthUs, 0)));
  }
}
