package dev.halcyon.verticles.api;

import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.store.IdempotencyStore;
import dev.halcyon.verticles.store.IdempotencyStore.Answer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.function.Supplier;

/** Answers a creation that is sent again under the same {@code Idempotency-Key} as the first. */
final class Idempotency {
  private final IdempotencyStore store;

  Idempotency(IdempotencyStore store) {
    this.store = store;
  }

  /** Runs {@code creation} once a key and answers with what it gave; without a key, always. */
  void answer(RoutingContext context, int status, Supplier<Future<JsonObject>> creation) {
    String key = context.request().getHeader("Idempotency-Key");
    Future<Answer> answer =
        key == null
            ? creation.get().map(body -> new Answer(status, body))
            : once(context, key, status, creation);
    answer
        .onSuccess(given -> Requests.answer(context, given.statusCode(), given.body()))
        .onFailure(context::fail);
  }

  private Future<Answer> once(
      RoutingContext context, String key, int status, Supplier<Future<JsonObject>> creation) {
    Caller caller = Requests.caller(context);
    UUID workspace = caller.workspaceId();
    // A body may be long.
    return context
        .vertx()
        .executeBlocking(() -> digest(context), false)
        .compose(digest -> store.claim(workspace, key, digest))
        .compose(
            earlier -> {
              if (earlier.isPresent()) {
                context.response().putHeader("Idempotency-Replayed", "true");
                return Future.succeededFuture(earlier.get());
              }
              return creation
                  .get()
                  .map(body -> new Answer(status, body))
                  .recover(
                      failure ->
                          store
                              .release(workspace, key)
                              .transform(released -> Future.failedFuture(failure)))
                  // What was created is there, whether or not its answer could be kept.
                  .compose(
                      given ->
                          store
                              .keep(workspace, key, given)
                              .transform(kept -> Future.succeededFuture(given)));
            });
  }

  private static byte[] digest(RoutingContext context) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(context.request().method().name().getBytes(StandardCharsets.UTF_8));
      digest.update(context.request().path().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      Buffer body = context.body().buffer();
      return body == null ? digest.digest() : digest.digest(body.getBytes());
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("this JDK has no SHA-256", failure);
    }
  }
}
