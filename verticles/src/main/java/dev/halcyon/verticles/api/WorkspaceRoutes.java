package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.RetentionPolicy;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.store.WorkspaceStore;
import dev.halcyon.verticles.store.WorkspaceStore.Storage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The caller's workspace: what it takes, and how long it keeps clips. */
final class WorkspaceRoutes {
  private final WorkspaceStore workspaces;

  WorkspaceRoutes(ApiParts parts) {
    this.workspaces = parts.workspaces();
  }

  void storage(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_CLIPS);
    workspaces
        .storage(caller.workspaceId())
        .onSuccess(storage -> Requests.answer(context, 200, json(storage)))
        .onFailure(context::fail);
  }

  void retention(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_CLIPS);
    answer(context, workspaces.retention(caller.workspaceId()));
  }

  void setRetention(RoutingContext context) {
    Caller caller = permitted(context, Permission.MANAGE_WORKSPACE);
    RetentionPolicy wanted = WorkspaceStore.policy(Requests.body(context));
    answer(context, workspaces.setRetention(caller.workspaceId(), wanted).map(wanted));
  }

  private static void answer(RoutingContext context, Future<RetentionPolicy> policy) {
    policy
        .onSuccess(known -> Requests.answer(context, 200, WorkspaceStore.json(known)))
        .onFailure(context::fail);
  }

  private static JsonObject json(Storage storage) {
    return new JsonObject()
        .put(
            "clips",
            new JsonObject()
                .put("count", storage.clips())
                .put("versions", storage.versions())
                .put("bytes", storage.bytes())
                .put("derived_files", storage.derivedFiles())
                .put("derived_bytes", storage.derivedBytes())
                .put("faults", storage.faults()))
        .put(
            "deleted",
            new JsonObject()
                .put("count", storage.deletedClips())
                .put("bytes", storage.deletedBytes()))
        .put(
            "rings",
            new JsonObject()
                .put("count", storage.rings())
                .put("capacity_bytes", storage.ringBytes()));
  }

  private static Caller permitted(RoutingContext context, Permission permission) {
    Caller caller = Requests.caller(context);
    caller.require(permission);
    return caller;
  }
}
