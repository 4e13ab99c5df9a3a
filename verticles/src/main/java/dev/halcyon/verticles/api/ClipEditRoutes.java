package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipChange;
import dev.halcyon.verticles.store.ClipEdits;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What people change of clips, one by one or many at once; each change is told on the bus. */
final class ClipEditRoutes {
  private final ClipEdits edits;
  private final ClipPolicy policy;
  private final ClipJson json;
  private final Bus bus;
  private final Clock clock;

  ClipEditRoutes(ApiParts parts) {
    this.edits = parts.edits();
    this.policy = parts.clipPolicy();
    this.json = new ClipJson(parts.signature(), parts.clipPolicy());
    this.bus = parts.bus();
    this.clock = parts.clock();
  }

  void change(RoutingContext context) {
    JsonObject body = Requests.body(context);
    change(
        context,
        new ClipChange(
            Optional.ofNullable(body.getString("title")).map(String::strip),
            Optional.ofNullable(body.getString("description")).map(String::strip),
            Optional.ofNullable(body.getJsonArray("hashtags")).map(Hashtags::read),
            Optional.ofNullable(body.getString("approval")).map(Approval::ofWire)));
  }

  void approve(RoutingContext context) {
    change(context, ClipChange.of(Approval.APPROVED));
  }

  void reject(RoutingContext context) {
    change(context, ClipChange.of(Approval.REJECTED));
  }

  private void change(RoutingContext context, ClipChange change) {
    Caller caller = editor(context);
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    edits
        .change(
            caller.workspaceId(),
            id,
            EditConditions.revision(context),
            change,
            caller.userId(),
            clock.now())
        .onSuccess(this::tellUpdated)
        .onSuccess(clip -> ClipRoutes.answer(context, json, clip))
        .onFailure(context::fail);
  }

  void delete(RoutingContext context) {
    Caller caller = editor(context);
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    Instant now = clock.now();
    edits
        .delete(caller.workspaceId(), id, EditConditions.revision(context), now)
        .onSuccess(deleted -> tellDeleted(deleted, now))
        .onSuccess(deleted -> Requests.answerEmpty(context))
        .onFailure(context::fail);
  }

  void restore(RoutingContext context) {
    Caller caller = editor(context);
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    edits
        .restore(caller.workspaceId(), List.of(id), clock.now())
        .onSuccess(restored -> restored.forEach(this::tellUpdated))
        .map(restored -> restored.stream().findFirst().orElseThrow(() -> notDeleted(id)))
        .onSuccess(clip -> ClipRoutes.answer(context, json, clip))
        .onFailure(context::fail);
  }

  private static HalcyonException notDeleted(UUID id) {
    return new HalcyonException(
        ErrorCode.CLIP_NOT_FOUND, "no deleted clip that could be taken back has the id " + id);
  }

  void approveAll(RoutingContext context) {
    reviewAll(context, Approval.APPROVED);
  }

  void rejectAll(RoutingContext context) {
    reviewAll(context, Approval.REJECTED);
  }

  private void reviewAll(RoutingContext context, Approval approval) {
    Caller caller = editor(context);
    List<UUID> ids = ids(context);
    answerClips(
        context,
        ids,
        edits.review(caller.workspaceId(), ids, approval, caller.userId(), clock.now()));
  }

  void restoreAll(RoutingContext context) {
    Caller caller = editor(context);
    List<UUID> ids = ids(context);
    answerClips(context, ids, edits.restore(caller.workspaceId(), ids, clock.now()));
  }

  private void answerClips(RoutingContext context, List<UUID> asked, Future<List<Clip>> changed) {
    changed
        .onSuccess(clips -> clips.forEach(this::tellUpdated))
        .map(clips -> clips.stream().map(Clip::id).toList())
        .onSuccess(done -> answerBatch(context, asked, done))
        .onFailure(context::fail);
  }

  void deleteAll(RoutingContext context) {
    Caller caller = editor(context);
    List<UUID> ids = ids(context);
    Instant now = clock.now();
    edits
        .delete(caller.workspaceId(), ids, now)
        .onSuccess(deleted -> deleted.forEach(clip -> tellDeleted(clip, now)))
        .map(deleted -> deleted.stream().map(ClipEdits.Deleted::id).toList())
        .onSuccess(done -> answerBatch(context, ids, done))
        .onFailure(context::fail);
  }

  /** The ids of a batch, each once; the contract has checked their form and number. */
  private static List<UUID> ids(RoutingContext context) {
    Set<UUID> ids = new LinkedHashSet<>();
    for (Object id : Requests.body(context).getJsonArray("ids")) {
      try {
        ids.add(UUID.fromString((String) id));
      } catch (IllegalArgumentException malformed) {
        throw new HalcyonException(ErrorCode.BAD_REQUEST, "ids: not an id: " + id, malformed);
      }
    }
    return List.copyOf(ids);
  }

  private static void answerBatch(RoutingContext context, List<UUID> asked, List<UUID> done) {
    List<UUID> missing = new ArrayList<>(asked);
    missing.removeAll(done);
    Requests.answer(
        context, 200, new JsonObject().put("done", texts(done)).put("not_found", texts(missing)));
  }

  private static JsonArray texts(List<UUID> ids) {
    JsonArray texts = new JsonArray();
    ids.forEach(id -> texts.add(id.toString()));
    return texts;
  }

  private void tellUpdated(Clip clip) {
    bus.publish(Addresses.CLIP_EVENT, new ClipEvent.Updated(clip, clock.now()));
  }

  private void tellDeleted(ClipEdits.Deleted clip, Instant at) {
    bus.publish(
        Addresses.CLIP_EVENT,
        new ClipEvent.Deleted(
            clip.workspaceId(), clip.origin(), clip.id(), at, policy.restorableUntil(at)));
  }

  private static Caller editor(RoutingContext context) {
    Caller caller = Requests.caller(context);
    caller.require(Permission.WRITE_CLIPS);
    return caller;
  }
}
