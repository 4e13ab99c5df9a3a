package dev.halcyon.codecs.analyse;

import dev.halcyon.core.analysis.AnalysisPart;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What to look for in a file, and how closely.
 *
 * @param parts what is wanted; the rest is not even decoded
 * @param soundStream the sound to listen to, by its index in the file; else the default one
 * @param faceModel a YuNet model in ONNX form; without it faces are found by OpenCV's own cascade
 * @param threads that decode; the machine's cores unless chosen
 */
public record AnalysisOptions(
    Set<AnalysisPart> parts,
    Depth depth,
    OptionalInt soundStream,
    Optional<Path> faceModel,
    int threads) {
  /** How many of the pictures are decoded. */
  public enum Depth {
    /** All of them. */
    FULL,
    /** Keyframes, and what lies between those two that differ. Fades are found only near them. */
    COARSE
  }

  /** Everything, of every picture. */
  public static final AnalysisOptions FULL =
      new AnalysisOptions(
          EnumSet.allOf(AnalysisPart.class),
          Depth.FULL,
          OptionalInt.empty(),
          Optional.empty(),
          Runtime.getRuntime().availableProcessors());

  /** Everything, of as few pictures as will do. */
  public static final AnalysisOptions COARSE = FULL.withDepth(Depth.COARSE);

  private static final int MAX_THREADS = 64;

  public AnalysisOptions {
    parts = Set.copyOf(parts);
    Objects.requireNonNull(depth, "depth");
    Objects.requireNonNull(soundStream, "soundStream");
    Objects.requireNonNull(faceModel, "faceModel");
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException("threads out of 1..64 [threads=" + threads + "]");
    }
  }

  public AnalysisOptions withParts(Set<AnalysisPart> wanted) {
    return new AnalysisOptions(wanted, depth, soundStream, faceModel, threads);
  }

  public AnalysisOptions withDepth(Depth wanted) {
    return new AnalysisOptions(parts, wanted, soundStream, faceModel, threads);
  }

  public AnalysisOptions withSoundStream(int index) {
    return new AnalysisOptions(parts, depth, OptionalInt.of(index), faceModel, threads);
  }

  public AnalysisOptions withFaceModel(Path model) {
    return new AnalysisOptions(parts, depth, soundStream, Optional.of(model), threads);
  }
}
