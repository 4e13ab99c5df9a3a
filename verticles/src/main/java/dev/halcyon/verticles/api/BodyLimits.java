package dev.halcyon.verticles.api;

import dev.halcyon.core.access.WorkspaceSlots;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads bodies: small ones, and those of jobs, which may bring the transcript of a long video. Of
 * the large ones only a few are in memory at once. Any event loop.
 */
final class BodyLimits implements Handler<RoutingContext> {
  static final int SMALL_BYTES = 64 << 10;

  /** The contract's transcript, as JSON writes it in a JSON text, in most scripts. */
  static final int JOB_BYTES = 8 << 20;

  /** {@link #SMALL_BYTES} and more have five digits. */
  private static final Pattern SMALL = Pattern.compile("[0-9]{1,4}");

  private final BodyHandler small = BodyHandler.create(false).setBodyLimit(SMALL_BYTES);
  private final BodyHandler large = BodyHandler.create(false).setBodyLimit(JOB_BYTES);
  private final WorkspaceSlots slots = new WorkspaceSlots(16, 4);

  @Override
  public void handle(RoutingContext context) {
    if (!isJob(context)) {
      small.handle(context);
      return;
    }
    if (!isSmall(context)) {
      Optional<WorkspaceSlots.Slot> slot = slots.take(Requests.caller(context).workspaceId());
      if (slot.isEmpty()) {
        throw new HalcyonException(
            ErrorCode.OVERLOADED, "too many transcripts are coming in already");
      }
      context.addEndHandler(ended -> slot.get().close());
    }
    large.handle(context);
  }

  private static boolean isJob(RoutingContext context) {
    return context.request().method().equals(HttpMethod.POST)
        && context.normalizedPath().matches("/api/jobs/?");
  }

  private static boolean isSmall(RoutingContext context) {
    String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && SMALL.matcher(length).matches();
  }
}
