package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.MakeExact;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ExactVersions;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Clips' files for players that ignore edit lists, as requests find them: there, or being made. */
final class ExactFiles {
  private final ExactVersions rows;
  private final ClipFiles files;
  private final Bus bus;

  ExactFiles(ApiParts parts, ClipFiles files) {
    this.rows = parts.exactVersions();
    this.files = files;
    this.bus = parts.bus();
  }

  /**
   * @throws HalcyonException BAD_REQUEST when it is asked for in another way than there is
   */
  static boolean isAsked(RoutingContext context) {
    Optional<String> how = Requests.query(context, "exact");
    if (how.isEmpty()) {
      return false;
    }
    if (!how.get().equals("reencode")) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "exact: reencode, or nothing");
    }
    for (String other : new String[] {"version", "format"}) {
      if (Requests.query(context, other).isPresent()) {
        throw new HalcyonException(ErrorCode.BAD_REQUEST, "exact and " + other + ": one of them");
      }
    }
    return true;
  }

  /** The file's version; it is made and waited for a little. Empty when that takes longer. */
  Future<Optional<ClipVersion>> find(Clip clip) {
    ClipVersion newest = ClipFiles.version(clip, Optional.empty());
    if (clip.instant().isEmpty()) {
      // All of it was encoded: it shows the same with and without an edit list.
      return Future.succeededFuture(Optional.of(newest));
    }
    return rows.find(clip.id())
        .compose(
            there ->
                there.isEmpty()
                    ? made(clip)
                    : files
                        .find(clip.workspaceId(), there.get().blobKey())
                        .map(found -> there)
                        .recover(
                            failure ->
                                isStated(failure, ErrorCode.NOT_FOUND)
                                    ? made(clip)
                                    : Future.failedFuture(failure)));
  }

  private Future<Optional<ClipVersion>> made(Clip clip) {
    return bus.<ClipVersion>request(
            Addresses.CLIP_EXACT, new MakeExact(clip.workspaceId(), clip.id()))
        .map(Optional::of)
        .recover(
            failure ->
                isStated(failure, ErrorCode.NOT_READY)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private static boolean isStated(Throwable failure, ErrorCode code) {
    return failure instanceof HalcyonException stated && stated.code() == code;
  }
}
