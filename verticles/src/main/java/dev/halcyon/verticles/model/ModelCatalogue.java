package dev.halcyon.verticles.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import dev.halcyon.core.model.ModelLicence;
import dev.halcyon.core.model.ModelTask;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** The models of {@code conf/models.yaml}, by name, in its order. Immutable. */
public record ModelCatalogue(Map<String, ModelEntry> entries) {
  private static final String RESOURCE = "/conf/models.yaml";
  private static final String UNPINNED = "unpinned";
  private static final String UNKNOWN = "unknown";
  private static final Set<String> FIELDS =
      Set.of("task", "licence", "files", "inputs", "outputs", "parameters", "fallbacks", "note");

  public ModelCatalogue {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** What came with this build. */
  public static ModelCatalogue load() {
    try (InputStream stream = ModelCatalogue.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource [name=" + RESOURCE + "]");
      }
      return parse(new YAMLMapper().readTree(stream));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + RESOURCE, failure);
    }
  }

  /**
   * @throws IllegalArgumentException naming the entry and what is wrong with it
   */
  static ModelCatalogue parse(JsonNode root) {
    Map<String, ModelEntry> entries = new LinkedHashMap<>();
    root.path("models")
        .properties()
        .forEach(field -> entries.put(field.getKey(), entry(field.getKey(), field.getValue())));
    return new ModelCatalogue(entries);
  }

  /**
   * @throws HalcyonException NOT_FOUND when there is none of that name
   */
  public ModelEntry entry(String name) {
    return Optional.ofNullable(entries.get(name))
        .orElseThrow(
            () ->
                new HalcyonException(
                    ErrorCode.NOT_FOUND,
                    "there is no model " + name + "; there are " + entries.keySet()));
  }

  private static ModelEntry entry(String name, JsonNode node) {
    Set<String> given = new TreeSet<>();
    node.fieldNames().forEachRemaining(given::add);
    if (!given.equals(FIELDS)) {
      throw new IllegalArgumentException(
          "the model " + name + " has other fields than " + new TreeSet<>(FIELDS) + ": " + given);
    }
    try {
      JsonNode licence = node.get("licence");
      List<ModelFile> files = new ArrayList<>();
      node.get("files")
          .properties()
          .forEach(file -> files.add(file(file.getKey(), file.getValue())));
      List<String> fallbacks = new ArrayList<>();
      node.get("fallbacks").forEach(each -> fallbacks.add(each.asText()));
      return new ModelEntry(
          name,
          ModelTask.ofWire(node.get("task").asText()),
          new ModelLicence(licence.path("spdx").asText(), licence.path("vetted").asText()),
          files,
          texts(node.get("inputs")),
          texts(node.get("outputs")),
          texts(node.get("parameters")),
          fallbacks,
          node.get("note").asText());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException("the model " + name + ": " + wrong.getMessage(), wrong);
    }
  }

  private static ModelFile file(String name, JsonNode node) {
    String url = node.path("url").asText();
    String sha256 = node.path("sha256").asText();
    String bytes = node.path("bytes").asText();
    if (!url.isEmpty() && !url.startsWith("https://")) {
      throw new IllegalArgumentException("fetched by https alone [url=" + url + "]");
    }
    return new ModelFile(
        name,
        url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url)),
        sha256.equals(UNPINNED) ? Optional.empty() : Optional.of(sha256),
        bytes.equals(UNKNOWN) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(bytes)));
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
    return texts;
  }
}
