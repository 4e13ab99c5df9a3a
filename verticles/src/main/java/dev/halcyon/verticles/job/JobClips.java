package dev.halcyon.verticles.job;

import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.select.ClipCandidate;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The clips of jobs, as their steps make them. What is called again with the same changes nothing:
 * a node that was killed in between does its last step once more. Every method blocks and may be
 * called by many threads; DATABASE_UNAVAILABLE while the database is away.
 */
public interface JobClips {
  /**
   * A clip that was chosen.
   *
   * @param clipId the same for the same clip of the same job, always
   */
  record Chosen(UUID clipId, ClipCandidate candidate) {
    public Chosen {
      Objects.requireNonNull(clipId, "clipId");
      Objects.requireNonNull(candidate, "candidate");
    }
  }

  /**
   * A file that was rendered.
   *
   * @param video an MP4; it stays where it is, and whoever rendered it deletes it
   * @param poster a JPEG, as the video
   * @param spec what the version is made by
   * @param facts what the renderer measured: {@code length_us}, {@code frames}, {@code
   *     integrated_lufs}, {@code true_peak_dbtp}, {@code sha256}, {@code bytes}
   * @param source the media that the clip is a window of, as editors' programs take it; when it is
   *     empty they are given the clip's own file
   */
  record Rendered(
      Path video,
      Optional<Path> poster,
      RenderSpec spec,
      JsonObject facts,
      Optional<HandoverSource> source) {
    public Rendered {
      Objects.requireNonNull(video, "video");
      Objects.requireNonNull(poster, "poster");
      Objects.requireNonNull(spec, "spec");
      Objects.requireNonNull(facts, "facts");
      Objects.requireNonNull(source, "source");
    }

    /** A file whose source editors cannot go on with. */
    Rendered(Path video, Optional<Path> poster, RenderSpec spec, JsonObject facts) {
      this(video, poster, spec, facts, Optional.empty());
    }
  }

  /** Makes a row, {@code requested}, for each that has none; best first. */
  void choose(UUID workspaceId, UUID jobId, List<Chosen> clips);

  /** How it is wanted when it is rendered next; the same until another wish comes. */
  RenderWish wishOf(UUID clipId);

  /** Its rendering begins, for the first time or, when it failed or has versions, once more. */
  void rendering(UUID clipId);

  /**
   * Adds a version and announces it, {@code clip.ready} or {@code clip.rendered}; nothing when the
   * newest version is this file already.
   */
  void rendered(UUID clipId, Rendered file);

  /** Its rendering failed for good; a clip that has versions is as it was before. */
  void failed(UUID clipId, String why);

  /** Nothing more is made of the job: its clips without a file have failed. */
  void abandon(UUID jobId, String why);
}
