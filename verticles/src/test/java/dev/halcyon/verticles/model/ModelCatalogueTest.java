package dev.halcyon.verticles.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import dev.halcyon.core.model.ModelLicence;
import dev.halcyon.core.model.ModelTask;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ModelCatalogueTest {
  /** Fallbacks that are no models. */
  private static final Set<String> BUILT_IN =
      Set.of("levels", "cascade", "remote", "words", "none");

  private final ModelCatalogue catalogue = ModelCatalogue.load();

  /** A model that may not be used for money must not get in. */
  @Test
  void everyModelHasAVettedLicenceForCommercialUse() {
    List<String> unvetted =
        catalogue.entries().values().stream()
            .filter(entry -> !entry.licence().isVettedForCommercialUse())
            .map(ModelEntry::name)
            .toList();
    assertEquals(List.of(), unvetted);
  }

  @Test
  void aLicenceThatNobodyReadOrThatForbidsMoneyIsNotVetted() {
    assertFalse(new ModelLicence("MIT", " ").isVettedForCommercialUse());
    assertFalse(new ModelLicence("CC-BY-NC-4.0", "read").isVettedForCommercialUse());
    assertFalse(new ModelLicence("AGPL-3.0-only", "read").isVettedForCommercialUse());
    assertTrue(new ModelLicence("Apache-2.0", "LICENSE read").isVettedForCommercialUse());
  }

  @Test
  void thereIsAModelForEachTask() {
    Set<ModelTask> tasks =
        catalogue.entries().values().stream().map(ModelEntry::task).collect(Collectors.toSet());
    assertEquals(EnumSet.allOf(ModelTask.class), tasks);
  }

  @Test
  void fallbacksAreModelsOfTheSameTaskOrBuiltIn() {
    for (ModelEntry entry : catalogue.entries().values()) {
      for (String fallback : entry.fallbacks()) {
        assertTrue(
            BUILT_IN.contains(fallback)
                || (!fallback.equals(entry.name())
                    && catalogue.entry(fallback).task() == entry.task()),
            entry.name() + " falls back on " + fallback);
      }
    }
  }

  /** Who knows the hash knows the size. */
  @Test
  void aHashIsWrittenDownTogetherWithTheSize() {
    for (ModelEntry entry : catalogue.entries().values()) {
      for (ModelFile file : entry.files()) {
        assertEquals(
            file.sha256().isPresent(), file.bytes().isPresent(), entry.name() + " " + file.name());
      }
    }
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    for (String wrong :
        List.of(
            "{task: voice-activity}",
            entry("voice-activity", "http://example.org/x", "unpinned"),
            entry("voice-activity", "https://example.org/x", "abc"),
            entry("mind-reading", "https://example.org/x", "unpinned"))) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> parse(wrong));
      assertTrue(refused.getMessage().contains("the model one"), refused.getMessage());
    }
    assertEquals(1, parse(entry("voice-activity", "https://a.org/x", "unpinned")).entries().size());
    assertThrows(HalcyonException.class, () -> catalogue.entry("none"));
  }

  private static String entry(String task, String url, String sha256) {
    return "{task: "
        + task
        + ", licence: {spdx: MIT, vetted: read}, files: {a.onnx: {url: '"
        + url
        + "', sha256: "
        + sha256
        + ", bytes: unknown}}, inputs: {}, outputs: {}, parameters: {}, fallbacks: [], note: ''}";
  }

  private static ModelCatalogue parse(String entry) {
    try {
      return ModelCatalogue.parse(new YAMLMapper().readTree("models: {one: " + entry + "}"));
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }
}
