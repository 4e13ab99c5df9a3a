package dev.halcyon.core.clip.verify;

import dev.halcyon.core.clip.Gap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What decoding a clip's file showed, as a player that honours edit lists would show it.
 *
 * @param sha256 of the whole file, lower-case hex
 * @param fault why the file could not be read to its end; empty when it was
 * @param packets in the file, hidden ones included
 * @param codecs RFC 6381 names of the tracks' first configurations, in the order of the file
 * @param pictures empty without a picture
 * @param sound empty without a sample
 * @param decodeErrors packets that could not be decoded, or only with damage
 */
public record MeasuredFile(
    String sha256,
    long sizeBytes,
    Optional<String> fault,
    int packets,
    List<String> codecs,
    Optional<Pictures> pictures,
    Optional<Sound> sound,
    int decodeErrors) {
  public MeasuredFile {
    Objects.requireNonNull(sha256, "sha256");
    codecs = List.copyOf(codecs);
  }

  /** A file of which nothing could be read as media. */
  public static MeasuredFile unreadable(String sha256, long sizeBytes, String fault) {
    return new MeasuredFile(
        sha256, sizeBytes, Optional.of(fault), 0, List.of(), Optional.empty(), Optional.empty(), 0);
  }

  /**
   * Times in microseconds from the clip's time 0.
   *
   * @param presented how many
   * @param firstUs when the first one is shown
   * @param lastUs when the last one is shown
   * @param endUs when the last one ends
   * @param trimUs from the first picture in the file to the first one shown; empty where the file
   *     keeps no time of pictures that are not shown, as WebM does not
   * @param gaps stretches without a new picture
   * @param edges the pictures at both edges, compared with what lies in the file there
   */
  public record Pictures(
      int presented,
      long firstUs,
      long lastUs,
      long endUs,
      OptionalLong trimUs,
      List<Gap> gaps,
      Edges edges) {
    public Pictures {
      gaps = List.copyOf(gaps);
    }
  }

  /**
   * How many pictures at each edge were looked at, and how many of them were shown as the file's
   * media has them: a black, repeated or missing one is none of them.
   */
  public record Edges(int startCompared, int startSame, int endCompared, int endSame) {}

  /**
   * Times in microseconds from the clip's time 0.
   *
   * @param startUs when the first sample sounds
   * @param endUs when the last one ends
   * @param trimUs from the first sample in the file to the first one heard
   * @param gaps stretches without a sample between the two
   * @param silences stretches whose samples are all silent
   */
  public record Sound(long startUs, long endUs, long trimUs, List<Gap> gaps, List<Gap> silences) {
    public Sound {
      gaps = List.copyOf(gaps);
      silences = List.copyOf(silences);
    }
  }
}
