package dev.halcyon.core.clip;

import dev.halcyon.core.detect.Signal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What the user gets: a window of a stream's or a file's timeline, with versions. Times are stream
 * time, or media time of a job's file.
 *
 * @param startUs as asked (delivered times are in each version's contract)
 * @param endUs exclusive
 * @param score 0..1; 0 for a manual clip
 * @param posterKey blob key of the poster frame once made
 * @param failure what went wrong, for people, when the status is FAILED; or why the last rendering
 *     came to nothing while an earlier version stands
 * @param curation what people did with it
 * @param continues the clip whose window this one goes on with: its publisher reconnected, and one
 *     file was not to hold both, or cannot
 * @param asked what its request named; empty for a clip of a time when that was not kept, and for a
 *     job's
 */
public record Clip(
    UUID id,
    UUID workspaceId,
    ClipOrigin origin,
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
    Objects.requireNonNull(origin, "origin");
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
      ClipOrigin origin,
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
        origin,
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
    return with(next -> next.asked = Optional.of(request));
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

  /** Whether its first file is yet to come. */
  public boolean isInMaking() {
    return status != ClipStatus.FAILED && (!status.isDownloadable() || versions.isEmpty());
  }

  /** Time of the strongest signal that it was made for; empty for one that was asked for. */
  public OptionalLong momentUs() {
    return reason.signals().stream()
        .max(Comparator.comparingDouble(Signal::strength))
        .map(signal -> OptionalLong.of(signal.atUs()))
        .orElse(OptionalLong.empty());
  }

  /**
   * @throws IllegalStateException when the state machine does not allow it
   */
  public Clip to(ClipStatus later) {
    if (!status.canBecome(later)) {
      throw new IllegalStateException("clip cannot go on [from=" + status + ", to=" + later + "]");
    }
    return with(next -> next.status = later);
  }

  /** The same clip with a later end: more of the highlight came. */
  public Clip extended(
      long laterEndUs, double higherScore, ClipReason fullerReason, String newTitle) {
    return with(
        next -> {
          next.title = newTitle;
          next.endUs = laterEndUs;
          next.score = higherScore;
          next.reason = fullerReason;
          if (laterEndUs != endUs) {
            next.asked = asked.map(window -> window.until(laterEndUs));
          }
        });
  }

  /** A new clip of the rest of the window. */
  public Clip continued(UUID newId, String newTitle, long restStartUs, Instant at) {
    Clip rest =
        new Clip(
            newId,
            workspaceId,
            origin,
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
            at);
    return rest.with(
        next -> {
          next.continues = Optional.of(continues.orElse(id));
          next.asked = asked;
        });
  }

  /** The clip with its first file. */
  public Clip sealed(ClipVersion version, Optional<String> poster) {
    return to(ClipStatus.SEALED)
        .with(
            next -> {
              next.versions = List.of(version);
              next.posterKey = poster;
            });
  }

  public Clip failed(String why) {
    return to(ClipStatus.FAILED).with(next -> next.failure = Optional.of(why));
  }

  /** The same clip as people have changed it meanwhile. */
  public Clip curated(
      String newTitle, String newDescription, List<String> newHashtags, Curation newCuration) {
    return with(
        next -> {
          next.title = newTitle;
          next.description = newDescription;
          next.hashtags = newHashtags;
          next.curation = newCuration;
        });
  }

  private Clip with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return draft.clip();
  }

  /** This clip, about to differ in what is set here. What never changes is not in it. */
  private final class Draft {
    private ClipStatus status = Clip.this.status;
    private String title = Clip.this.title;
    private String description = Clip.this.description;
    private List<String> hashtags = Clip.this.hashtags;
    private long endUs = Clip.this.endUs;
    private double score = Clip.this.score;
    private ClipReason reason = Clip.this.reason;
    private List<ClipVersion> versions = Clip.this.versions;
    private Optional<String> posterKey = Clip.this.posterKey;
    private Optional<String> failure = Clip.this.failure;
    private Curation curation = Clip.this.curation;
    private Optional<UUID> continues = Clip.this.continues;
    private Optional<AskedWindow> asked = Clip.this.asked;

    Clip clip() {
      return new Clip(
          id,
          workspaceId,
          origin,
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
          asked);
    }
  }
}
