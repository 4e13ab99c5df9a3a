package dev.halcyon.verticles.job;

import dev.halcyon.core.handover.HandoverSource;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a source is called in what is written for people and editors.
 *
 * @param url where editors find it
 */
record SourceLabel(String name, String url) {
  SourceLabel {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(url, "url");
  }

  static SourceLabel of(Path file) {
    return new SourceLabel(
        file.getFileName().toString(), HandoverSource.urlOf(file.toAbsolutePath().toString()));
  }

  /** Of a file that its reader has beside the project, wherever that is. */
  static SourceLabel named(String name) {
    return new SourceLabel(name, HandoverSource.urlOf(name.replace('/', '_')));
  }
}
