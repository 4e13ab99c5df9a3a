package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Approval;
import java.util.List;
import java.util.Optional;

/** What a person changes of a clip; an empty part stays as it is. */
public record ClipChange(
    Optional<String> title,
    Optional<String> description,
    Optional<List<String>> hashtags,
    Optional<Approval> approval) {

  public static ClipChange of(Approval approval) {
    return new ClipChange(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(approval));
  }
}
