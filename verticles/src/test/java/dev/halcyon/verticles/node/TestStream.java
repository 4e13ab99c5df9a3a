package dev.halcyon.verticles.node;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A stream with everything that was said of it over its WebSocket. */
final class TestStream implements AutoCloseable {
  private final TestUser owner;
  private final String id;
  private final String rtmpUrl;
  private final List<JsonObject> messages = new CopyOnWriteArrayList<>();
  private final AutoCloseable listening;

  TestStream(TestUser owner, String id, String rtmpUrl) {
    this.owner = owner;
    this.id = id;
    this.rtmpUrl = rtmpUrl;
    this.listening = owner.client().listen(id, (message, atNs) -> messages.add(message));
  }

  String id() {
    return id;
  }

  String rtmpUrl() {
    return rtmpUrl;
  }

  String path() {
    return "/api/streams/" + id;
  }

  JsonObject row() {
    return owner.client().get(path());
  }

  JsonObject health() {
    return owner.client().get(path() + "/health");
  }

  /** Stream time at which what is held ends. */
  long heldToUs() {
    return health().getJsonObject("ring").getLong("to_us");
  }

  void awaitHeld(long streamUs) {
    Deadline.until("media up to " + streamUs + " us", () -> heldToUs() >= streamUs);
  }

  void awaitStatus(String status) {
    Deadline.until("status " + status, () -> row().getString("status").equals(status));
  }

  /** Messages of a type, in order. */
  List<JsonObject> said(String type) {
    return messages.stream().filter(message -> message.getString("type").equals(type)).toList();
  }

  /** Messages of a type about one clip. */
  List<JsonObject> said(String type, String clipId) {
    return said(type).stream()
        .filter(message -> message.getJsonObject("data").getString("id").equals(clipId))
        .toList();
  }

  /** All that was said of a clip, in order. */
  List<JsonObject> saidOf(String clipId) {
    return messages.stream()
        .filter(message -> message.getString("type").startsWith("clip."))
        .filter(message -> message.getJsonObject("data").getString("id").equals(clipId))
        .toList();
  }

  /** The data of the first message of this type, past or to come. */
  JsonObject await(String type) {
    return await(type, data -> true);
  }

  JsonObject await(String type, Predicate<JsonObject> condition) {
    return Deadline.found(
        type + " in " + messages,
        () ->
            said(type).stream()
                .map(message -> message.getJsonObject("data"))
                .filter(condition)
                .findFirst());
  }

  String request(JsonObject window) {
    return owner.client().requestClip(id, window);
  }

  String request(long fromUs, long toUs) {
    return request(window(fromUs, toUs));
  }

  static JsonObject window(long fromUs, long toUs) {
    return new JsonObject().put("from_us", fromUs).put("to_us", toUs);
  }

  /** The error with which a window is refused. */
  String refusal(JsonObject window) {
    return TestUser.error(owner.post(path() + "/clips", window));
  }

  /** The clip as it was announced. */
  JsonObject ready(String clipId) {
    return Deadline.found(
        "clip.ready of " + clipId + " in " + messages,
        () -> {
          Optional<JsonObject> failed = announced("clip.failed", clipId);
          if (failed.isPresent()) {
            throw new AssertionError("the clip failed: " + failed.get());
          }
          return announced("clip.ready", clipId);
        });
  }

  private Optional<JsonObject> announced(String type, String clipId) {
    return said(type).stream()
        .map(message -> message.getJsonObject("data"))
        .filter(clip -> clip.getString("id").equals(clipId))
        .findFirst();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
