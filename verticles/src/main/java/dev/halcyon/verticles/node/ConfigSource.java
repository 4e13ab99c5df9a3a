package dev.halcyon.verticles.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Configuration as flat keys ({@code http.port}), from three stores in rising order: the defaults
 * of {@code conf/halcyon.yaml}, a file, the environment key by key.
 */
final class ConfigSource {
  private static final String DEFAULTS = "/conf/halcyon.yaml";
  private static final String ENVIRONMENT_PREFIX = "HALCYON_";

  private final Map<String, String> values;
  private final List<String> unknownEnvironment;

  private ConfigSource(Map<String, String> values, List<String> unknownEnvironment) {
    this.values = values;
    this.unknownEnvironment = unknownEnvironment;
  }

  /**
   * @throws ConfigException when the file cannot be read or has a key that does not exist
   */
  static ConfigSource load(Optional<Path> file, Map<String, String> environment) {
    Map<String, String> values = defaults();
    file.ifPresent(path -> values.putAll(known(path, values)));
    Map<String, String> keysByName = new TreeMap<>();
    values.keySet().forEach(key -> keysByName.put(environmentName(key), key));
    List<String> unknown = new ArrayList<>();
    environment.forEach(
        (name, value) -> {
          String key = keysByName.get(name);
          if (key != null) {
            values.put(key, value);
          } else if (name.startsWith(ENVIRONMENT_PREFIX)) {
            unknown.add(name);
          }
        });
    return new ConfigSource(values, unknown);
  }

  static String environmentName(String key) {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** Names that look like ours and are no keys; logged, not refused. */
  List<String> unknownEnvironment() {
    return unknownEnvironment;
  }

  Map<String, String> values() {
    return Map.copyOf(values);
  }

  String text(String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no such key [key=" + key + "]");
    }
    return value.strip();
  }

  /**
   * @throws ConfigException when the value is no whole number within the bounds
   */
  long whole(String key, long least, long most) {
    try {
      long value = Long.parseLong(text(key));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      throw new ConfigException(key + " is not a whole number: '" + text(key) + "'", notANumber);
    }
    throw new ConfigException(key + " is out of " + least + ".." + most + ": " + text(key));
  }

  int port(String key) {
    return (int) whole(key, 0, 65_535);
  }

  private static Map<String, String> defaults() {
    try (InputStream stream = ConfigSource.class.getResourceAsStream(DEFAULTS)) {
      if (stream == null) {
        throw new IllegalStateException("missing resource [name=" + DEFAULTS + "]");
      }
      return flatten(new YAMLMapper().readTree(stream));
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read " + DEFAULTS, failure);
    }
  }

  private static Map<String, String> known(Path path, Map<String, String> defaults) {
    Map<String, String> given;
    try {
      given = flatten(new YAMLMapper().readTree(Files.readString(path)));
    } catch (IOException failure) {
      throw new ConfigException("cannot read " + path + ": " + failure.getMessage(), failure);
    }
    for (String key : given.keySet()) {
      if (!defaults.containsKey(key)) {
        throw new ConfigException("unknown key '" + key + "' in " + path);
      }
    }
    return given;
  }

  private static Map<String, String> flatten(JsonNode root) {
    Map<String, String> flat = new TreeMap<>();
    flatten("", root, flat);
    return flat;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> flat) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  flatten(
                      prefix.isEmpty() ? field.getKey() : prefix + "." + field.getKey(),
                      field.getValue(),
                      flat));
    } else if (!prefix.isEmpty()) {
      flat.put(prefix, node.isNull() ? "" : node.asText());
    }
  }
}
