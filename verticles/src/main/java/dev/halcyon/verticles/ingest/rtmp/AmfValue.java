package dev.halcyon.verticles.ingest.rtmp;

import java.util.List;
import java.util.Map;

/** A value of the Action Message Format, version 0. Immutable. */
sealed interface AmfValue {
  /** Null, undefined, or of a kind that carries nothing. */
  enum Nothing implements AmfValue {
    NULL,
    UNDEFINED
  }

  record Numeric(double value) implements AmfValue {}

  record Flag(boolean isSet) implements AmfValue {}

  record Text(String value) implements AmfValue {}

  /** An object, typed or not, or an ECMA array; keeps the order of its members. */
  record Members(Map<String, AmfValue> values) implements AmfValue {}

  record Elements(List<AmfValue> values) implements AmfValue {}

  /** Milliseconds since the Unix epoch. */
  record Date(double epochMs) implements AmfValue {}

  static AmfValue of(String value) {
    return new Text(value);
  }

  static AmfValue of(double value) {
    return new Numeric(value);
  }

  /** The text, or {@code fallback} when this is something else. */
  default String textOr(String fallback) {
    return this instanceof Text text ? text.value() : fallback;
  }

  /** The number, or {@code fallback} when this is something else. */
  default double numberOr(double fallback) {
    return this instanceof Numeric number ? number.value() : fallback;
  }

  /** The named member; null of AMF when this has none. */
  default AmfValue member(String name) {
    return this instanceof Members members
        ? members.values().getOrDefault(name, Nothing.NULL)
        : Nothing.NULL;
  }
}
