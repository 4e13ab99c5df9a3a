package dev.halcyon.core.cut;

import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * One track of a clip: which packets are copied and what of them is presented. Over several epochs
 * its own time line is stream time; every sample names its configuration.
 *
 * @param index the track's index in its epoch
 * @param formats what {@link PacketStamp#formatIndex()} of the samples refers to
 * @param timescaleHz ticks a second: 1,000,000 for video, the sample rate for sound
 * @param samples in decoding order, never empty
 * @param edits the whole presentation of this track from the clip's time 0
 */
public record TrackCut(
    int index,
    List<TrackFormat> formats,
    int timescaleHz,
    List<CutSample> samples,
    List<CutEdit> edits) {
  public TrackCut {
    formats = List.copyOf(formats);
    samples = List.copyOf(samples);
    edits = List.copyOf(edits);
  }

  /** The same with more said about each format, index by index. */
  public TrackCut withFormats(List<TrackFormat> fuller) {
    return new TrackCut(index, fuller, timescaleHz, samples, edits);
  }

  /** The same with other packets in the same places. */
  public TrackCut withSamples(List<CutSample> others) {
    return new TrackCut(index, formats, timescaleHz, others, edits);
  }

  public boolean isVideo() {
    return formats.getFirst().codec().isVideo();
  }
}
