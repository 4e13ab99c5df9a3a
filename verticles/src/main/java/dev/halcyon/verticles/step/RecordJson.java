package dev.halcyon.verticles.step;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Records as JSON and back: components in snake_case with their units ({@code atUs} is {@code
 * at_us}), what is absent left out, durations in milliseconds, a variant of a sealed interface with
 * its name as {@code type}. A record checks what is read into it by its own constructor. Any
 * thread.
 */
public final class RecordJson {
  private static final String VARIANT = "type";

  private RecordJson() {}

  public static JsonObject write(Record value) {
    JsonObject json = new JsonObject();
    if (variantOf(value.getClass()).isPresent()) {
      json.put(VARIANT, snake(value.getClass().getSimpleName()));
    }
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = any(componentOf(value, component));
      if (part != null) {
        json.put(snake(component.getName()), part);
      }
    }
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is no such record
   */
  public static <T> T read(Class<T> type, JsonObject json) {
    try {
      return type.cast(readAny(type, json));
    } catch (ClassCastException | NullPointerException | ArithmeticException foreign) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + foreign.getMessage(), foreign);
    }
  }

  private static Object any(Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> maybe -> any(maybe.orElse(null));
      case OptionalInt maybe -> maybe.isPresent() ? maybe.getAsInt() : null;
      case OptionalLong maybe -> maybe.isPresent() ? maybe.getAsLong() : null;
      case OptionalDouble maybe -> maybe.isPresent() ? maybe.getAsDouble() : null;
      case Collection<?> all -> array(all);
      case Map<?, ?> all -> object(all);
      case Record inner -> write(inner);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Duration duration -> duration.toMillis();
      case Instant instant -> instant.toString();
      case UUID id -> id.toString();
      case String text -> text;
      case Number number -> number;
      case Boolean flag -> flag;
      case JsonObject json -> json;
      default -> throw new IllegalArgumentException("no form in JSON: " + value.getClass());
    };
  }

  private static JsonArray array(Collection<?> values) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(any(value)));
    return array;
  }

  private static JsonObject object(Map<?, ?> values) {
    JsonObject object = new JsonObject();
    values.forEach((key, value) -> object.put((String) any(key), any(value)));
    return object;
  }

  private static Object readAny(Type type, Object json) {
    if (type instanceof ParameterizedType generic) {
      return readGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), json);
    }
    Class<?> wanted = (Class<?>) type;
    if (wanted.isRecord()) {
      return readRecord(wanted, (JsonObject) json);
    }
    if (wanted.isSealed()) {
      return readRecord(variantNamed(wanted, (JsonObject) json), (JsonObject) json);
    }
    return readSimple(wanted, json);
  }

  private static Object readSimple(Class<?> wanted, Object json) {
    if (wanted.isEnum()) {
      return constantOf(wanted, (String) json);
    }
    return switch (wanted.getSimpleName()) {
      case "int", "Integer" -> Math.toIntExact(((Number) json).longValue());
      case "long", "Long" -> ((Number) json).longValue();
      case "double", "Double" -> ((Number) json).doubleValue();
      case "boolean", "Boolean" -> (Boolean) json;
      case "String" -> (String) json;
      case "OptionalInt" ->
          json == null ? OptionalInt.empty() : OptionalInt.of(((Number) json).intValue());
      case "OptionalLong" ->
          json == null ? OptionalLong.empty() : OptionalLong.of(((Number) json).longValue());
      case "OptionalDouble" ->
          json == null ? OptionalDouble.empty() : OptionalDouble.of(((Number) json).doubleValue());
      case "Duration" -> Duration.ofMillis(((Number) json).longValue());
      case "Instant" -> Instant.parse((String) json);
      case "UUID" -> UUID.fromString((String) json);
      case "JsonObject" -> json;
      default -> throw new IllegalArgumentException("no form in JSON: " + wanted);
    };
  }

  private static Object readGeneric(Class<?> raw, Type[] arguments, Object json) {
    if (raw == Optional.class) {
      return Optional.ofNullable(json == null ? null : readAny(arguments[0], json));
    }
    if (raw == List.class) {
      return ((JsonArray) json).stream().map(item -> readAny(arguments[0], item)).toList();
    }
    if (raw == Set.class) {
      Set<Object> all = new LinkedHashSet<>();
      ((JsonArray) json).forEach(item -> all.add(readAny(arguments[0], item)));
      return all;
    }
    if (raw == Map.class) {
      Map<Object, Object> all = new TreeMap<>();
      ((JsonObject) json)
          .forEach(
              item ->
                  all.put(
                      readSimple((Class<?>) arguments[0], item.getKey()),
                      readAny(arguments[1], item.getValue())));
      return all;
    }
    throw new IllegalArgumentException("no form in JSON: " + raw);
  }

  private static Object readRecord(Class<?> type, JsonObject json) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int n = 0; n < components.length; n++) {
      types[n] = components[n].getType();
      Object part = json.getValue(snake(components[n].getName()));
      try {
        values[n] = readAny(components[n].getGenericType(), part);
      } catch (ClassCastException | NullPointerException | ArithmeticException foreign) {
        throw new IllegalArgumentException(
            type.getSimpleName() + " has no fit " + components[n].getName(), foreign);
      }
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refused) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + refused.getCause().getMessage(), refused);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("a record without its constructor: " + type, impossible);
    }
  }

  private static Object componentOf(Record value, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(value);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("a record without its accessor: " + component, impossible);
    }
  }

  private static Object constantOf(Class<?> type, String name) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no " + type.getSimpleName() + ": " + name));
  }

  private static Optional<Class<?>> variantOf(Class<?> type) {
    return Arrays.stream(type.getInterfaces())
        .filter(Class::isSealed)
        .<Class<?>>map(family -> family)
        .findFirst();
  }

  private static Class<?> variantNamed(Class<?> family, JsonObject json) {
    String name = json.getString(VARIANT, "");
    return Arrays.stream(family.getPermittedSubclasses())
        .filter(variant -> snake(variant.getSimpleName()).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no " + family.getSimpleName() + ": " + name));
  }

  private static String snake(String camel) {
    StringBuilder snake = new StringBuilder();
    for (int n = 0; n < camel.length(); n++) {
      char letter = camel.charAt(n);
      if (Character.isUpperCase(letter)) {
        snake.append(snake.isEmpty() ? "" : "_").append(Character.toLowerCase(letter));
      } else {
        snake.append(letter);
      }
    }
    return snake.toString();
  }
}
