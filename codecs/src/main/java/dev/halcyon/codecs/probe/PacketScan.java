package dev.halcyon.codecs.probe;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** All packets of the chosen streams, read once. One platform thread; closed by who made it. */
final class PacketScan implements AutoCloseable {
  private static final int PACKETS_A_LOOK = 64;

  private final DemuxerHandle demuxer;
  private final ProbeLimits limits;
  private final long deadlineNs;
  private final PictureFacts pictures = new PictureFacts();
  private final Map<Integer, SoundFacts> sounds = new HashMap<>();
  private final Map<Integer, StreamScan> scans = new HashMap<>();
  private Optional<String> fault = Optional.empty();

  PacketScan(DemuxerHandle demuxer, StreamChoice choice, ProbeLimits limits) {
    this.demuxer = demuxer;
    this.limits = limits;
    deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.timeoutMs());
    try {
      choice
          .picture()
          .ifPresent(
              index -> scans.put(index, new StreamScan(demuxer, index, pictures::onPicture)));
      for (int index : choice.sounds()) {
        SoundFacts facts = new SoundFacts();
        sounds.put(index, facts);
        scans.put(index, new StreamScan(demuxer, index, facts::onSamples));
      }
      ForeignFile.select(demuxer, choice.indexes());
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /**
   * @throws HalcyonException MEDIA_TOO_LONG as soon as it shows; TIMED_OUT; CANCELLED
   */
  void read() {
    try (PacketHandle packet = new PacketHandle()) {
      for (long packets = 0; next(packet); packets++) {
        StreamScan scan = scans.get(packet.pointer().stream_index());
        if (scan != null) {
          scan.onPacket(packet);
        }
        if (packets % PACKETS_A_LOOK == 0) {
          look();
        }
      }
    }
    scans.values().forEach(StreamScan::end);
  }

  private boolean next(PacketHandle packet) {
    try {
      return demuxer.read(packet);
    } catch (HalcyonException broken) {
      fault = Optional.of("The file breaks off or is damaged: what comes before that is used.");
      return false;
    }
  }

  private void look() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HalcyonException(ErrorCode.CANCELLED, "the probe was stopped");
    }
    if (System.nanoTime() - deadlineNs > 0) {
      throw new HalcyonException(
          ErrorCode.TIMED_OUT,
          String.format(
              Locale.ROOT,
              "the file could not be read within %.0f s",
              limits.timeoutMs() / 1_000.0));
    }
    if (startUs() < endUs()) {
      requireShort(endUs() - startUs(), limits);
    }
  }

  static void requireShort(long durationUs, ProbeLimits limits) {
    if (durationUs > limits.durationUs()) {
      throw new HalcyonException(
          ErrorCode.MEDIA_TOO_LONG,
          String.format(
              Locale.ROOT,
              "the media lasts %.0f minutes or more; at most %.0f minutes are taken",
              Math.floor(durationUs / 6e7),
              Math.floor(limits.durationUs() / 6e7)));
    }
  }

  /** What ended the reading before the end of the file, for people. */
  Optional<String> fault() {
    return fault;
  }

  PictureFacts pictures() {
    return pictures;
  }

  SoundFacts sound(int index) {
    return sounds.get(index);
  }

  StreamScan of(int index) {
    return scans.get(index);
  }

  /** When the first picture or sample is presented, by the file's own time. */
  long startUs() {
    return scans.values().stream()
        .filter(StreamScan::isDecodable)
        .mapToLong(StreamScan::firstUs)
        .min()
        .orElse(0);
  }

  /** When the last picture or sample ends, by the file's own time. */
  long endUs() {
    return scans.values().stream()
        .filter(StreamScan::isDecodable)
        .mapToLong(StreamScan::endUs)
        .max()
        .orElse(0);
  }

  @Override
  public void close() {
    scans.values().forEach(StreamScan::close);
  }
}
