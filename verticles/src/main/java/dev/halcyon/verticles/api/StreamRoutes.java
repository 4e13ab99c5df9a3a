package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.NewStream;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamShapes;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams: rows in the store, and commands to the node that holds their rings. */
final class StreamRoutes {
  private static final Logger log = LoggerFactory.getLogger(StreamRoutes.class);

  /** 128 bits: not to be guessed. */
  private static final int KEY_BYTES = 16;

  private final StreamStore streams;
  private final Bus bus;
  private final Idempotency idempotency;
  private final StreamJson json;
  private final Set<String> pullSchemes;
  private final int streamsPerWorkspace;
  private final SecureRandom random = new SecureRandom();

  StreamRoutes(ApiParts parts) {
    this.streams = parts.streams();
    this.bus = parts.bus();
    this.idempotency = new Idempotency(parts.idempotency());
    this.json = new StreamJson(parts.ingestUrls(), parts.signature());
    this.pullSchemes = parts.options().pullSchemes();
    this.streamsPerWorkspace = parts.access().streamsPerWorkspace();
  }

  void create(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    NewStream stream = newStream(caller, Requests.body(context));
    idempotency.answer(
        context,
        201,
        () ->
            requireRoomForOneMore(caller.workspaceId())
                .compose(room -> command(reservation(stream)))
                .compose(reserved -> created(stream))
                .compose(row -> pulled(row))
                .map(row -> json.of(row, caller, host(context))));
  }

  /** Requests at the same moment may pass together; what counts is that there is an end. */
  private Future<Void> requireRoomForOneMore(UUID workspaceId) {
    return streams
        .count(workspaceId)
        .compose(
            held ->
                held < streamsPerWorkspace
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new HalcyonException(
                            ErrorCode.LIMIT_REACHED,
                            "a workspace may have "
                                + streamsPerWorkspace
                                + " streams here; delete one first")));
  }

  private static StreamCommand reservation(NewStream stream) {
    return new StreamCommand.Reserve(stream.workspaceId(), stream.id(), stream.settings());
  }

  private Future<StreamRow> created(NewStream stream) {
    return streams
        .create(stream)
        .recover(
            failure ->
                command(new StreamCommand.Release(stream.id()))
                    .transform(released -> Future.failedFuture(failure)));
  }

  /** What then cannot be pulled shows as the stream's state. */
  private Future<StreamRow> pulled(StreamRow row) {
    return row.source() instanceof StreamSource.Pull
        ? command(new StreamCommand.Pull(row.id())).map(row)
        : Future.succeededFuture(row);
  }

  private NewStream newStream(Caller caller, JsonObject body) {
    StreamSource source = StreamShapes.sourceOf(body.getJsonObject("source"));
    if (source instanceof StreamSource.Pull pull) {
      requirePullable(pull.url());
    }
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return new NewStream(
        UUID.randomUUID(),
        caller.workspaceId(),
        caller.userId(),
        body.getString("name"),
        Optional.ofNullable(body.getString("platform")),
        source,
        HexFormat.of().formatHex(key),
        StreamShapes.settingsOf(body.getJsonObject("settings", new JsonObject())));
  }

  private void requirePullable(String url) {
    String scheme;
    try {
      URI uri = URI.create(url);
      scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException malformed) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "source.url: not a URL", malformed);
    }
    if (!pullSchemes.contains(scheme)) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "source.url: this node pulls " + (pullSchemes.isEmpty() ? "nothing" : pullSchemes));
    }
  }

  void list(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_STREAMS);
    String host = host(context);
    streams
        .list(caller.workspaceId(), Requests.page(context))
        .onSuccess(
            page ->
                Requests.answer(
                    context, 200, Requests.pageJson(page, row -> json.of(row, caller, host))))
        .onFailure(context::fail);
  }

  void get(RoutingContext context) {
    answer(context, found(context, permitted(context, Permission.READ_STREAMS)));
  }

  void change(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    JsonObject body = Requests.body(context);
    answer(
        context,
        found(context, caller)
            .compose(row -> changed(row, body))
            .compose(done -> found(context, caller)));
  }

  private Future<Void> changed(StreamRow row, JsonObject body) {
    StreamSettings settings =
        StreamShapes.changed(row.settings(), body.getJsonObject("settings", new JsonObject()));
    return renamed(row, body).compose(done -> reconfigured(row, settings));
  }

  private Future<Void> renamed(StreamRow row, JsonObject body) {
    return body.containsKey("name")
        ? streams.rename(row.id(), body.getString("name"))
        : Future.succeededFuture();
  }

  private Future<Void> reconfigured(StreamRow row, StreamSettings settings) {
    if (settings.equals(row.settings())) {
      return Future.succeededFuture();
    }
    return streams
        .updateSettings(row.id(), settings)
        .compose(stored -> command(new StreamCommand.Reconfigure(row.id(), settings)))
        .recover(
            failure ->
                streams
                    .updateSettings(row.id(), row.settings())
                    .transform(undone -> Future.failedFuture(failure)));
  }

  /** The row goes first: what the node then cannot delete, its next start does. */
  void delete(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    found(context, caller)
        .compose(row -> streams.delete(row.id()).map(row))
        .compose(
            row ->
                command(new StreamCommand.Delete(row.id()))
                    .recover(
                        failure -> {
                          log.warn("the ring stays for now [streamId={}]", row.id(), failure);
                          return Future.succeededFuture();
                        }))
        .onSuccess(done -> Requests.answerEmpty(context))
        .onFailure(context::fail);
  }

  /** The row goes first, so that no publisher slips in. */
  void pause(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    answer(
        context,
        found(context, caller)
            .compose(
                row -> streams.setStatus(row.id(), StreamStatus.STOPPED, Optional.empty()).map(row))
            .compose(row -> command(new StreamCommand.Pause(row.id())))
            .compose(done -> found(context, caller)));
  }

  void resume(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_STREAMS);
    answer(
        context,
        found(context, caller)
            .compose(row -> streams.resume(row.id()).map(row))
            .compose(row -> command(new StreamCommand.Resume(row.id())))
            .compose(done -> found(context, caller)));
  }

  void health(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_STREAMS);
    found(context, caller)
        .compose(
            row ->
                bus.<StreamHealth>request(
                    Addresses.STREAM_HEALTH, new StreamHealth.Query(row.id())))
        .onSuccess(health -> Requests.answer(context, 200, StreamJson.health(health)))
        .onFailure(context::fail);
  }

  private Future<Void> command(StreamCommand command) {
    return bus.request(Addresses.STREAM_COMMAND, (Record) command).mapEmpty();
  }

  private Future<StreamRow> found(RoutingContext context, Caller caller) {
    UUID id = Requests.id(context, ErrorCode.STREAM_NOT_FOUND);
    return streams
        .byId(caller.workspaceId(), id)
        .map(
            row ->
                row.orElseThrow(
                    () ->
                        new HalcyonException(
                            ErrorCode.STREAM_NOT_FOUND, "no stream has the id " + id)));
  }

  private void answer(RoutingContext context, Future<StreamRow> stream) {
    stream
        .onSuccess(
            row ->
                Requests.answer(
                    context, 200, json.of(row, Requests.caller(context), host(context))))
        .onFailure(context::fail);
  }

  private static Caller permitted(RoutingContext context, Permission permission) {
    Caller caller = Requests.caller(context);
    caller.require(permission);
    return caller;
  }

  private static String host(RoutingContext context) {
    var authority = context.request().authority();
    return authority == null ? context.request().localAddress().hostAddress() : authority.host();
  }
}
