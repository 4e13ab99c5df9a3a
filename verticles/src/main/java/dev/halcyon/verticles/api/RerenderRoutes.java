package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.JobCommand;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** Clips of jobs, wanted in another way; the job renders the next version. */
final class RerenderRoutes {
  /** How far from where it was chosen a clip may begin and end. */
  private static final long SURROUNDINGS_US = 60_000_000;

  private final ClipStore clips;
  private final Bus bus;

  RerenderRoutes(ApiParts parts) {
    this.clips = parts.clips();
    this.bus = parts.bus();
  }

  void rerender(RoutingContext context) {
    Caller caller = Requests.caller(context);
    caller.require(Permission.WRITE_CLIPS);
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    RenderWish wish = wish(Requests.body(context));
    clips
        .byId(caller.workspaceId(), id)
        .map(found -> found.orElseThrow(() -> notFound(id)))
        .compose(clip -> command(clip, wish))
        .onSuccess(done -> answer(context, id))
        .onFailure(context::fail);
  }

  private static RenderWish wish(JsonObject body) {
    try {
      return RecordJson.read(RenderWish.class, body);
    } catch (IllegalArgumentException wrong) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, wrong.getMessage(), wrong);
    }
  }

  private Future<Void> command(Clip clip, RenderWish wish) {
    UUID job =
        clip.origin()
            .jobId()
            .orElseThrow(
                () ->
                    new HalcyonException(
                        ErrorCode.BAD_REQUEST, "only clips of jobs can be rendered again"));
    requireNear(clip, wish);
    return bus.<Void>request(
            Addresses.JOB_COMMAND,
            new JobCommand.Rerender(clip.workspaceId(), job, clip.id(), wish))
        .mapEmpty();
  }

  /** The first version shows what was chosen. */
  private static void requireNear(Clip clip, RenderWish wish) {
    ClipVersion first = clip.versions().stream().findFirst().orElse(null);
    long fromUs = first == null ? clip.startUs() : first.contract().requestedStartUs();
    long toUs = first == null ? clip.endUs() : first.contract().requestedEndUs();
    long wantedFromUs = wish.fromUs().orElse(fromUs);
    long wantedToUs = wish.toUs().orElse(toUs);
    if (wantedToUs - wantedFromUs < RenderWish.SHORTEST_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "from_us, to_us: a clip lasts a second at least");
    }
    if (wantedFromUs < fromUs - SURROUNDINGS_US || wantedToUs > toUs + SURROUNDINGS_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          "from_us, to_us: a minute around "
              + fromUs
              + " to "
              + toUs
              + " at most; for others make a new job");
    }
  }

  private static void answer(RoutingContext context, UUID id) {
    Requests.answer(
        context,
        202,
        new JsonObject().put("id", id.toString()).put("status", ClipStatus.RENDERING.wire()));
  }

  private static HalcyonException notFound(UUID id) {
    return new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id);
  }
}
