package dev.halcyon.core.clip;

import dev.halcyon.core.detect.Signal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What the user gets: a window of a stream's timeline, with versions.
 *
 * @param startUs stream time, as asked (delivered times are in each version's contract)
 * @param endUs stream time, exclusive
 * @param score 0..1; 0 for a manual clip
 * @param posterKey blob key of the poster frame once made
 * @param failure what went wrong, for people, when the status is FAILED
 * @param curation what people did with it
 * @param continues the clip whose window this one goes on with: its publisher reconnected, and one
 *     file was not to hold both, or cannot
 * @param asked what its request named; empty for a clip of a time when that was not kept
 */
public record Clip(
    UUID id,
    UUID workspaceId,
    UUID streamId,
    ClipStatus status,
    String title,
    String description,
    List<String> hashtags,
    long startUs,
    long endUs,
    double score,
    ClipReason reason,
    List<ClipVersion> versions,
    Optional<String> posterKey,
    Optional<String> failure,
    Instant createdAt,
    Curation curation,
    Optional<UUID> continues,
    Optional<AskedWindow> asked) {
  public Clip {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(streamId, "streamId");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(curation, "curation");
    Objects.requireNonNull(continues, "continues");
    Objects.requireNonNull(asked, "asked");
    hashtags = List.copyOf(hashtags);
    versions = List.copyOf(versions);
  }

  /** A clip that nobody has touched. */
  public Clip(
      UUID id,
      UUID workspaceId,
      UUID streamId,
      ClipStatus status,
      String title,
      String description,
      List<String> hashtags,
      long startUs,
      long endUs,
      double score,
      ClipReason reason,
      List<ClipVersion> versions,
      Optional<String> posterKey,
      Optional<String> failure,
      Instant createdAt) {
    this(
        id,
        workspaceId,
        streamId,
        status,
        title,
        description,
        hashtags,
        startUs,
        endUs,
        score,
        reason,
        versions,
        posterKey,
        failure,
        createdAt,
        Curation.NONE,
        Optional.empty(),
        Optional.empty());
  }

  /** A new clip with what its request named. */
  public Clip askedAs(AskedWindow request) {
    return new Clip(
        id,
        workspaceId,
        streamId,
        status,
        title,
        description,
        hashtags,
        startUs,
        endUs,
        score,
        reason,
        versions,
        posterKey,
        failure,
        createdAt,
        curation,
        continues,
        Optional.of(request));
  }

  /**
   * The newest file, when there is one. The exact one shows the same as that which it was made of,
   * and is for those who ask for it.
   */
  public Optional<ClipVersion> latest() {
    return versions.reversed().stream()
        .filter(version -> version.kind() != ClipVersion.Kind.EXACT)
        .findFirst();
  }

  /** The file that was cut when the window closed. */
  public Optional<ClipVersion> instant() {
    return versions.stream()
        .filter(version -> version.kind() == ClipVersion.Kind.INSTANT)
        .findFirst();
  }

  public Optional<ClipVersion> version(int number) {
    return versions.stream().filter(version -> version.version() == number).findFirst();
  }

  /** Stream time of the strongest signal that it was made for; empty for one that was asked for. */
  public OptionalLong momentUs() {
    return reason.signals().stream()
        .max(Comparator.comparingDouble(Signal::strength))
        .map(signal -> OptionalLong.of(signal.atUs()))
        .orElse(OptionalLong.empty());
  }

  /**
   * @throws IllegalStateException when the state machine does not allow it
   */
  public Clip to(ClipStatus next) {
    if (!status.canBecome(next)) {
      throw new IllegalStateException("clip cannot go on [from=" + status + ", to=" + next + "]");
    }
    return new Clip(
        id,
        workspaceId,
        streamId,
        next,
        title,
        description,
        hashtags,
        startUs,
        endUs,
        score,
        reason,
        versions,
        posterKey,
        failure,
        createdAt,
        curation,
        continues,
        asked);
  }

  /** The same clip with a later end: more of the highlight came. */
  public Clip extended(
      long laterEndUs, double higherScore, ClipReason fullerReason, String newTitle) {
    return new Clip(
        id,
        workspaceId,
        streamId,
        status,
        newTitle,
        description,
        hashtags,
        startUs,
        laterEndUs,
        higherScore,
        fullerReason,
        versions,
        posterKey,
        failure,
        createdAt,
        curation,
        continues,
        laterEndUs == endUs ? asked : asked.map(window -> window.until(laterEndUs)));
  }

  /** A new clip of the rest of the window. */
  public Clip continued(UUID newId, String newTitle, long restStartUs, Instant at) {
    return new Clip(
        newId,
        workspaceId,
        streamId,
        ClipStatus.OPENED,
        newTitle,
        "",
        List.of(),
        restStartUs,
        endUs,
        score,
        reason,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        at,
        Curation.NONE,
        Optional.of(continues.orElse(id)),
        asked);
  }

  /** The clip with its first file. */
  public Clip sealed(ClipVersion version, Optional<String> poster) {
    Clip next = to(ClipStatus.SEALED);
    return new Clip(
        id,
        workspaceId,
        streamId,
        next.status,
        title,
        description,
        hashtags,
        startUs,
        endUs,
        score,
        reason,
        List.of(version),
        poster,
        failure,
        createdAt,
        curation,
        continues,
        asked);
  }

  public Clip failed(String why) {
    Clip next = to(ClipStatus.FAILED);
    return new Clip(
        id,
        workspaceId,
        streamId,
        next.status,
        title,
        description,
        hashtags,
        startUs,
        endUs,
        score,
        reason,
        versions,
        posterKey,
        Optional.of(why),
        createdAt,
        curation,
        continues,
        asked);
  }

  /** The same clip as people have changed it meanwhile. */
  public Clip curated(
      String newTitle, String newDescription, List<String> newHashtags, Curation newCuration) {
    return new Clip(
        id,
        workspaceId,
        streamId,
        status,
        newTitle,
        newDescription,
        newHashtags,
        startUs,
        endUs,
        score,
        reason,
        versions,
        posterKey,
        failure,
        createdAt,
        newCuration,
        continues,
        asked);
  }
}
