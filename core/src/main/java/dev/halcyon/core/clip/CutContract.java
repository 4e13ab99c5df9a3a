package dev.halcyon.core.clip;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What was asked of a cut and what the file delivers. All times are stream time in microseconds
 * unless said otherwise.
 *
 * @param requestedStartUs as asked
 * @param requestedEndUs as asked, exclusive
 * @param deliveredStartUs pts of the first presented picture (audio-only: as asked)
 * @param deliveredEndUs pts + duration of the last presented picture
 * @param clamped whether the window was shortened to what is held
 * @param keyframeUs pts of the keyframe at which the copied packets begin
 * @param trimUs media in the file before the presentation starts, skipped by the edit list
 * @param gaps stretches inside the window for which a track gave nothing
 * @param epochs the epochs that the window touches, ascending
 * @param avOffsetStartUs start of audio minus start of video in the presentation
 * @param avOffsetEndUs end of audio minus end of video in the presentation
 * @param packetsCopied packets taken as they are
 * @param packetsEncoded packets made by an encoder
 * @param sha256 lower-case hex digest of the file
 * @param frames the cut in pictures; empty without pictures
 * @param tracks what the file holds of each track, video first; empty where it was not kept
 */
public record CutContract(
    long requestedStartUs,
    long requestedEndUs,
    long deliveredStartUs,
    long deliveredEndUs,
    boolean clamped,
    long keyframeUs,
    long trimUs,
    List<Gap> gaps,
    List<Integer> epochs,
    long avOffsetStartUs,
    long avOffsetEndUs,
    int packetsCopied,
    int packetsEncoded,
    String sha256,
    Optional<CutFrames> frames,
    List<TrackContract> tracks,
    CutLatency latency) {
  public CutContract {
    gaps = List.copyOf(gaps);
    epochs = List.copyOf(epochs);
    tracks = List.copyOf(tracks);
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(frames, "frames");
    Objects.requireNonNull(latency, "latency");
  }

  /** A cut without the particulars of its file. */
  public CutContract(
      long requestedStartUs,
      long requestedEndUs,
      long deliveredStartUs,
      long deliveredEndUs,
      boolean clamped,
      long keyframeUs,
      long trimUs,
      List<Gap> gaps,
      List<Integer> epochs,
      long avOffsetStartUs,
      long avOffsetEndUs,
      int packetsCopied,
      int packetsEncoded,
      String sha256) {
    this(
        requestedStartUs,
        requestedEndUs,
        deliveredStartUs,
        deliveredEndUs,
        clamped,
        keyframeUs,
        trimUs,
        gaps,
        epochs,
        avOffsetStartUs,
        avOffsetEndUs,
        packetsCopied,
        packetsEncoded,
        sha256,
        Optional.empty(),
        List.of(),
        CutLatency.UNKNOWN);
  }

  /** The same cut with the particulars of its file. */
  public CutContract ofFile(
      String digest, Optional<CutFrames> pictures, List<TrackContract> particulars) {
    return new CutContract(
        requestedStartUs,
        requestedEndUs,
        deliveredStartUs,
        deliveredEndUs,
        clamped,
        keyframeUs,
        trimUs,
        gaps,
        epochs,
        avOffsetStartUs,
        avOffsetEndUs,
        packetsCopied,
        packetsEncoded,
        digest,
        pictures,
        particulars,
        latency);
  }

  /** The same cut, once it is known how long its file took. */
  public CutContract after(CutLatency taken) {
    return new CutContract(
        requestedStartUs,
        requestedEndUs,
        deliveredStartUs,
        deliveredEndUs,
        clamped,
        keyframeUs,
        trimUs,
        gaps,
        epochs,
        avOffsetStartUs,
        avOffsetEndUs,
        packetsCopied,
        packetsEncoded,
        sha256,
        frames,
        tracks,
        taken);
  }
}
