package dev.halcyon.core.model;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A model that Halcyon knows how to use, or to keep for those who do.
 *
 * @param files at least one; the first is what is opened
 * @param inputs shapes by name, as {@code [batch, 576]}
 * @param outputs shapes by name
 * @param parameters of what is done before and after it
 * @param fallbacks what is used instead, best first: other entries, or what is built in
 * @param note for people; may be empty
 */
public record ModelEntry(
    String name,
    ModelTask task,
    ModelLicence licence,
    List<ModelFile> files,
    Map<String, String> inputs,
    Map<String, String> outputs,
    Map<String, String> parameters,
    List<String> fallbacks,
    String note) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,60}");

  public ModelEntry {
    Objects.requireNonNull(task, "task");
    Objects.requireNonNull(licence, "licence");
    Objects.requireNonNull(note, "note");
    files = List.copyOf(files);
    inputs = Map.copyOf(inputs);
    outputs = Map.copyOf(outputs);
    parameters = Map.copyOf(parameters);
    fallbacks = List.copyOf(fallbacks);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of a model [name=" + name + "]");
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a model without files [name=" + name + "]");
    }
  }

  /**
   * @throws NoSuchElementException when there is none of that name
   */
  public ModelFile file(String wanted) {
    return files.stream()
        .filter(file -> file.name().equals(wanted))
        .findFirst()
        .orElseThrow(
            () -> new NoSuchElementException("the model " + name + " has no file " + wanted));
  }
}
