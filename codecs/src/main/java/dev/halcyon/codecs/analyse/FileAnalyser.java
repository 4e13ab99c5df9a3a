package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.probe.ForeignFile;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.SoundStream;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/**
 * Analyses a foreign file that was probed: one decode feeds everything that is asked for. Memory
 * does not grow with the length of the file but by what it gives back. Blocks, on one platform
 * thread, while FFmpeg decodes on others and two more look at the pictures; an interrupt ends it
 * within a picture or two.
 */
public final class FileAnalyser {
  private FileAnalyser() {}

  /**
   * @param probe of this very file
   * @throws HalcyonException BAD_REQUEST when the file has no such sound; CANCELLED when
   *     interrupted; CORRUPT_MEDIA, UNSUPPORTED_MEDIA, IO_FAILED when the file is no longer what
   *     was probed
   */
  public static Analysis analyse(
      Path file, MediaProbe probe, AnalysisOptions options, AnalysisListener listener) {
    OptionalInt sound = sound(probe, options);
    OptionalInt picture =
        options.parts().contains(AnalysisPart.SCENES)
                || options.parts().contains(AnalysisPart.FACES)
            ? probe
                .picture()
                .map(stream -> OptionalInt.of(stream.index()))
                .orElse(OptionalInt.empty())
            : OptionalInt.empty();
    Progress progress = new Progress(listener, probe.startUs(), probe.durationUs());
    PartClock clock = new PartClock();
    Optional<Analysis> coarse = Optional.empty();
    if (options.depth() == AnalysisOptions.Depth.COARSE) {
      coarse = run(file, probe, options, picture, sound, progress, clock, CoarseAnalysis::run);
    }
    Analysis analysis =
        coarse.isPresent()
            ? coarse.get()
            : run(file, probe, options, picture, sound, progress, clock, FullAnalysis::run);
    progress.end();
    clock.tell(listener, options.parts());
    return analysis;
  }

  private static <T> T run(
      Path file,
      MediaProbe probe,
      AnalysisOptions options,
      OptionalInt picture,
      OptionalInt sound,
      Progress progress,
      PartClock clock,
      Function<AnalysisInput, T> analysis) {
    try (DemuxerHandle demuxer = ForeignFile.open(file)) {
      Set<Integer> used = new HashSet<>();
      sound.ifPresent(used::add);
      picture.ifPresent(used::add);
      if (used.stream().anyMatch(index -> index >= demuxer.streamCount())) {
        throw new HalcyonException(
            ErrorCode.CORRUPT_MEDIA, "the file is not the one that was probed");
      }
      ForeignFile.select(demuxer, used);
      return analysis.apply(
          new AnalysisInput(demuxer, probe, options, picture, sound, progress, clock));
    }
  }

  private static OptionalInt sound(MediaProbe probe, AnalysisOptions options) {
    if (!options.parts().contains(AnalysisPart.SOUND)) {
      return OptionalInt.empty();
    }
    Optional<SoundStream> chosen =
        options.soundStream().isEmpty()
            ? probe.defaultSound()
            : probe.sounds().stream()
                .filter(stream -> stream.index() == options.soundStream().getAsInt())
                .findFirst();
    if (chosen.isEmpty() && options.soundStream().isPresent()) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          "the file has no such sound [soundStream=" + options.soundStream().getAsInt() + "]");
    }
    return chosen.map(stream -> OptionalInt.of(stream.index())).orElse(OptionalInt.empty());
  }
}
