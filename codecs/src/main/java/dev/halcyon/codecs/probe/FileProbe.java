package dev.halcyon.codecs.probe;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds out what a foreign file holds and whether it is taken. Headers are believed in nothing that
 * counts: the first pictures and samples are decoded, and all packets are read, so that a probe
 * takes about as long as reading the file once. Blocks, on one platform thread; an interrupt ends
 * it.
 */
public final class FileProbe {
  /** Of less, one keyframe would make any rate. */
  private static final long RATED_FROM_US = 1_000_000;

  /** Headers that are further off than this are mentioned. */
  private static final long WRONG_BY_US = 1_000_000;

  private final DemuxerHandle demuxer;
  private final ProbeLimits limits;
  private final long bytes;
  private final List<String> notices = new ArrayList<>();

  private FileProbe(DemuxerHandle demuxer, ProbeLimits limits, long bytes) {
    this.demuxer = demuxer;
    this.limits = limits;
    this.bytes = bytes;
  }

  /**
   * @throws HalcyonException NOT_FOUND, IO_FAILED; MEDIA_TOO_LARGE, MEDIA_TOO_LONG,
   *     PICTURE_TOO_LARGE, BITRATE_TOO_HIGH over a limit; UNSUPPORTED_MEDIA for a container or
   *     codec that is not taken; CORRUPT_MEDIA when nothing can be decoded; NO_MEDIA when there is
   *     neither picture nor sound; TIMED_OUT; CANCELLED when interrupted
   */
  public static MediaProbe probe(Path file, ProbeLimits limits) {
    long bytes = ForeignFile.readableBytes(file);
    if (bytes > limits.bytes()) {
      throw new HalcyonException(
          ErrorCode.MEDIA_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "the file has %.1f MB; at most %.1f MB are taken",
              bytes / 1e6,
              limits.bytes() / 1e6));
    }
    try (DemuxerHandle demuxer = ForeignFile.open(file)) {
      return new FileProbe(demuxer, limits, bytes).probe();
    }
  }

  private MediaProbe probe() {
    StreamChoice choice = StreamChoice.of(demuxer, limits, notices);
    choice
        .picture()
        .ifPresent(
            index ->
                requireSmall(
                    demuxer.stream(index).codecpar().width(),
                    demuxer.stream(index).codecpar().height()));
    try (PacketScan scan = new PacketScan(demuxer, choice, limits)) {
      scan.read();
      scan.fault().ifPresent(notices::add);
      return result(choice, scan);
    }
  }

  private MediaProbe result(StreamChoice choice, PacketScan scan) {
    Optional<PictureStream> picture = picture(choice.picture(), scan);
    List<SoundStream> sounds = sounds(choice.sounds(), scan);
    if (picture.isEmpty() && sounds.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA, "nothing in the file can be decoded: it is damaged or empty");
    }
    long startUs = scan.startUs();
    long durationUs = scan.endUs() - startUs;
    if (durationUs <= 0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the media in the file lasts no time");
    }
    PacketScan.requireShort(durationUs, limits);
    requireSlow(durationUs);
    noteHeader(durationUs);
    String formats = demuxer.pointer().iformat().name().getString();
    return new MediaProbe(
        formats.substring(0, (formats + ",").indexOf(',')),
        startUs,
        durationUs,
        bytes,
        picture,
        sounds,
        notices);
  }

  private Optional<PictureStream> picture(OptionalInt index, PacketScan scan) {
    if (index.isEmpty()) {
      return Optional.empty();
    }
    PictureFacts facts = scan.pictures();
    if (!facts.isKnown()) {
      notices.add("None of the pictures can be decoded; the sound alone is used.");
      return Optional.empty();
    }
    requireSmall(facts.widthPx(), facts.heightPx());
    return Optional.of(
        facts.stream(
            demuxer,
            scan.of(index.getAsInt()),
            StreamChoice.codec(demuxer, index.getAsInt()).orElseThrow()));
  }

  private List<SoundStream> sounds(List<Integer> indexes, PacketScan scan) {
    List<Integer> decodable = new ArrayList<>();
    for (int index : indexes) {
      if (scan.sound(index).isKnown()) {
        decodable.add(index);
      } else {
        notices.add("Sound track " + index + " cannot be decoded and is ignored.");
      }
    }
    int chosen =
        decodable.stream()
            .filter(index -> SoundFacts.isDefault(demuxer.stream(index)))
            .findFirst()
            .orElse(decodable.isEmpty() ? -1 : decodable.getFirst());
    return decodable.stream()
        .map(index -> scan.sound(index).stream(demuxer.stream(index), index == chosen))
        .toList();
  }

  private void requireSmall(int widthPx, int heightPx) {
    if (Math.max(widthPx, heightPx) > limits.longSidePx()
        || Math.min(widthPx, heightPx) > limits.shortSidePx()) {
      throw new HalcyonException(
          ErrorCode.PICTURE_TOO_LARGE,
          String.format(
              Locale.ROOT,
              "the pictures have %d x %d pixels; at most %d x %d are taken, either way up",
              widthPx,
              heightPx,
              limits.longSidePx(),
              limits.shortSidePx()));
    }
  }

  private void requireSlow(long durationUs) {
    double bitsPerSecond = bytes * 8e6 / durationUs;
    if (durationUs >= RATED_FROM_US && bitsPerSecond > limits.bitsPerSecond()) {
      throw new HalcyonException(
          ErrorCode.BITRATE_TOO_HIGH,
          String.format(
              Locale.ROOT,
              "the file has %.1f Mb/s; at most %.1f Mb/s are taken",
              bitsPerSecond / 1e6,
              limits.bitsPerSecond() / 1e6));
    }
  }

  private void noteHeader(long durationUs) {
    long statedUs = demuxer.pointer().duration();
    if (statedUs > 0 && Math.abs(statedUs - durationUs) > WRONG_BY_US + durationUs / 100) {
      notices.add(
          String.format(
              Locale.ROOT,
              "The file says that it lasts %.1f s; it lasts %.1f s.",
              statedUs / 1e6,
              durationUs / 1e6));
    }
  }
}
