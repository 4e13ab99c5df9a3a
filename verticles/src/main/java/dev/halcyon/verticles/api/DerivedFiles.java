package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.derive.DeriveFile;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.DerivedStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Other forms of clips as requests find them: there, or being made. */
final class DerivedFiles {
  /** Seconds after which a client does best to ask again. */
  private static final String RETRY_S = "2";

  private final DerivedStore rows;
  private final ClipFiles files;
  private final Bus bus;

  DerivedFiles(ApiParts parts, ClipFiles files) {
    this.rows = parts.derived();
    this.files = files;
    this.bus = parts.bus();
  }

  /** A form and its file. */
  record Ready(DerivedFile derived, ClipFiles.Found found) {
    /** Strong: the digest of the file. */
    String etag() {
      return '"' + derived.sha256() + '"';
    }
  }

  /** The form when it is there; what is not is not made. */
  Future<Optional<Ready>> present(Clip clip, ClipVersion version, DerivedForm form) {
    return rows.find(clip.id(), version.version(), form)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : files
                        .find(clip.workspaceId(), found.get().blobKey())
                        .map(file -> Optional.of(new Ready(found.get(), file)))
                        .otherwise(Optional.empty()));
  }

  /** The form; it is made and waited for a little. Empty when that takes longer. */
  Future<Optional<Ready>> find(Clip clip, ClipVersion version, DerivedForm form) {
    return present(clip, version, form)
        .compose(
            there -> there.isPresent() ? Future.succeededFuture(there) : made(clip, version, form));
  }

  private Future<Optional<Ready>> made(Clip clip, ClipVersion version, DerivedForm form) {
    return ask(clip, version, form)
        .compose(
            derived ->
                files
                    .find(clip.workspaceId(), derived.blobKey())
                    .map(file -> Optional.of(new Ready(derived, file))))
        .recover(
            failure ->
                isNotYet(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Has the form made. */
  Future<DerivedFile> ask(Clip clip, ClipVersion version, DerivedForm form) {
    return bus.request(
        Addresses.CLIP_DERIVE,
        new DeriveFile(clip.workspaceId(), clip.id(), version.version(), form));
  }

  private static boolean isNotYet(Throwable failure) {
    return failure instanceof HalcyonException stated && stated.code() == ErrorCode.NOT_READY;
  }

  /** Says that the form is being made. */
  static Future<Void> answerLater(RoutingContext context) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_S);
    Requests.answer(context, 202, new JsonObject().put("status", "making"));
    return Future.succeededFuture();
  }
}
