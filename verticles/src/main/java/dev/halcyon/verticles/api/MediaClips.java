package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.clip.ClipViewers;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;

/** Finds the clip whose media a request asks for, if it may: by a bearer token or a signature. */
final class MediaClips {
  private final ApiParts parts;
  private final ClipViewers viewers;

  MediaClips(ApiParts parts, ClipViewers viewers) {
    this.parts = parts;
    this.viewers = viewers;
  }

  /** For the signature of the request's own path. */
  Future<Clip> find(RoutingContext context) {
    return find(context, context.request().path());
  }

  /**
   * @param signedPath whose signature the request has to bring
   */
  Future<Clip> find(RoutingContext context, String signedPath) {
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    Future<Optional<Clip>> found =
        Requests.isSigned(context.request(), signedPath, parts.signature())
            ? any(id)
            : Requests.authenticate(context.request(), parts.tokens())
                .compose(caller -> readable(caller, id));
    return found.map(
        clip ->
            clip.orElseThrow(
                () -> new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id)));
  }

  /** One that is being made, or was made while the database is away, needs no row. */
  private Future<Optional<Clip>> any(UUID id) {
    Optional<Clip> made = viewers.find(id);
    return made.isPresent() ? Future.succeededFuture(made) : parts.clips().any(id);
  }

  private Future<Optional<Clip>> readable(Caller caller, UUID id) {
    caller.require(Permission.READ_CLIPS);
    Optional<Clip> made = viewers.find(id);
    return made.isPresent()
        ? Future.succeededFuture(
            made.filter(clip -> clip.workspaceId().equals(caller.workspaceId())))
        : parts.clips().byId(caller.workspaceId(), id);
  }
}
