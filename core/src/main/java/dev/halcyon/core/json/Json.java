package dev.halcyon.core.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value (RFC 8259). Immutable; any thread. */
public sealed interface Json {
  /**
   * @param members in the order given
   */
  record Members(Map<String, Json> members) implements Json {
    public Members {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  record Items(List<Json> items) implements Json {
    public Items {
      items = List.copyOf(items);
    }
  }

  record Text(String text) implements Json {}

  /**
   * @param value finite
   */
  record Numeric(double value) implements Json {
    public Numeric {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("not a number of JSON [value=" + value + "]");
      }
    }
  }

  record Bool(boolean value) implements Json {}

  record Null() implements Json {}

  /** Members of an object, names and values in turn. */
  static Members members(Object... namesAndValues) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      members.put((String) namesAndValues[i], of(namesAndValues[i + 1]));
    }
    return new Members(members);
  }

  private static Json of(Object value) {
    return switch (value) {
      case Json json -> json;
      case String text -> new Text(text);
      case Boolean bool -> new Bool(bool);
      case Number number -> new Numeric(number.doubleValue());
      case List<?> list -> new Items(list.stream().map(Json::of).toList());
      default -> throw new IllegalArgumentException("not JSON [type=" + value.getClass() + "]");
    };
  }

  /** A member of an object; empty when there is none, or this is no object. */
  default Optional<Json> member(String name) {
    return this instanceof Members(Map<String, Json> members)
        ? Optional.ofNullable(members.get(name))
        : Optional.empty();
  }

  /** The items of an array; none when this is something else. */
  default List<Json> elements() {
    return this instanceof Items(List<Json> items) ? items : List.of();
  }

  default Optional<String> asText() {
    return this instanceof Text(String text) ? Optional.of(text) : Optional.empty();
  }

  default Optional<Double> asNumber() {
    return this instanceof Numeric(double value) ? Optional.of(value) : Optional.empty();
  }
}
