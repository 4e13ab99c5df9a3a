package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.blob.RemoteBlobs;
import dev.halcyon.verticles.clip.ClipPlaylists;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.ingest.whip.WhipDesk;
import dev.halcyon.verticles.preview.LivePreviews;
import dev.halcyon.verticles.record.RecordingDesk;
import dev.halcyon.verticles.store.JobClipStore;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the routes together: media by hand, the API by its contract, then the page. */
public final class ApiRouter {
  private static final String PUT_UPLOAD = "putUpload";

  /** The contract's raw operations that carry files, and where they are mounted. */
  static final Map<String, String> RAW_ROUTES =
      Map.ofEntries(
          Map.entry("downloadClip", "/api/clips/:id/download"),
          Map.entry("playClip", "/api/clips/:id/media.mp4"),
          Map.entry("getPoster", "/api/clips/:id/poster.jpg"),
          Map.entry("getPlaylist", "/api/clips/:id/index.m3u8"),
          Map.entry("getSegment", "/api/clips/:id/hls/:piece"),
          Map.entry("getStrip", "/api/clips/:id/strip.vtt"),
          Map.entry("getStripImage", "/api/clips/:id/strip.jpg"),
          Map.entry("playShare", "/api/share/:id/media.mp4"),
          Map.entry("downloadShare", "/api/share/:id/download"),
          Map.entry("downloadRecording", "/api/streams/:id/recording/media.mp4"),
          Map.entry("getSubtitles", "/api/clips/:id/subtitles"),
          Map.entry("getProject", "/api/clips/:id/nle"),
          Map.entry(PUT_UPLOAD, "/api/upload/:id"),
          Map.entry("getLivePlaylist", "/live/:id/index.m3u8"),
          Map.entry("getLivePiece", "/live/:id/:piece"),
          Map.entry("getSnapshot", "/api/streams/:id/snapshot.jpg"));

  private final Vertx vertx;

  private final ApiParts parts;
  private final ClipViewers viewers;
  private final ClipPlaylists playlists;
  private final LivePreviews previews;
  private final RecordingRoutes recordings;
  private final UploadRoutes uploads;
  private final WhipRoutes publishers;

  /**
   * @param viewers lets the clips that are made on this node be watched …
   * @param playlists … and followed
   * @param previews lets the streams of this node be watched while they are live
   * @param recordings answers for what is recorded on this node
   * @param publishers lets browsers publish to this node
   */
  public ApiRouter(
      Vertx vertx,
      ApiParts parts,
      ClipViewers viewers,
      ClipPlaylists playlists,
      LivePreviews previews,
      RecordingDesk recordings,
      WhipDesk publishers) {
    this.vertx = vertx;
    this.parts = parts;
    this.viewers = viewers;
    this.playlists = playlists;
    this.previews = previews;
    this.recordings = new RecordingRoutes(vertx, parts, recordings);
    this.uploads = new UploadRoutes(vertx, parts);
    this.publishers = new WhipRoutes(publishers, parts);
  }

  /**
   * Builds the router.
   *
   * @param mountRealtime adds routes that come before those that read bodies
   */
  public Future<Router> build(Handler<Router> mountRealtime) {
    return RestContract.load(vertx).map(contract -> assembled(contract, mountRealtime));
  }

  private Router assembled(RestContract contract, Handler<Router> mountRealtime) {
    Router router = Router.router(vertx);
    router.route().handler(ApiRouter::secure).failureHandler(Errors::handle);
    if (!parts.options().corsOrigins().isEmpty()) {
      router.route("/api/*").handler(cors());
      router.route("/live/*").handler(cors());
    }
    mountRealtime.handle(router);
    mountRaw(router, contract);
    router.route("/api/*").handler(context -> admit(contract, context));
    router.route("/*").subRouter(contractRouter(contract));
    List<String> reserved = List.of("/api", "/ws", "/realtime", "/live", "/whip");
    for (String prefix : reserved) {
      router.route(prefix + "/*").handler(context -> refuse(contract, context));
    }
    WebApp.mount(router, parts.blobs().remote().flatMap(RemoteBlobs::linkOrigin));
    router.route().handler(context -> context.fail(404));
    return router;
  }

  private static void secure(RoutingContext context) {
    context
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("X-Trace-Id", Errors.traceId(context));
    context.next();
  }

  private CorsHandler cors() {
    return CorsHandler.create()
        .addOrigins(List.copyOf(parts.options().corsOrigins()))
        .allowedMethods(
            Set.of(
                HttpMethod.GET,
                HttpMethod.POST,
                HttpMethod.PUT,
                HttpMethod.PATCH,
                HttpMethod.DELETE))
        .allowedHeaders(
            Set.of("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Range"))
        .exposedHeaders(
            Set.of("Retry-After", "Content-Range", "ETag", "X-Trace-Id", "X-Start-Us", "X-End-Us"))
        .maxAgeSeconds(600);
  }

  private void mountRaw(Router router, RestContract contract) {
    PlaylistRoutes playlists = new PlaylistRoutes(vertx, parts, viewers, this.playlists);
    MediaClips clips = new MediaClips(parts, viewers);
    ClipFiles files = new ClipFiles(vertx, parts.blobs());
    DerivedFiles derived = new DerivedFiles(parts, files);
    MediaRoutes media =
        new MediaRoutes(vertx, viewers, clips, files, derived, new ExactFiles(parts, files));
    StripRoutes strips = new StripRoutes(vertx, parts, clips, derived);
    ShareAccess share = new ShareAccess(vertx, parts);
    EditorRoutes editors = new EditorRoutes(clips, new JobClipStore(parts.database().pool()));
    PreviewRoutes live = new PreviewRoutes(vertx, parts, viewers, previews);
    Map<String, Handler<RoutingContext>> handlers = new TreeMap<>();
    handlers.put("downloadClip", media::download);
    handlers.put("playClip", media::play);
    handlers.put("getPoster", media::poster);
    handlers.put("getPlaylist", playlists::list);
    handlers.put("getSegment", playlists::piece);
    handlers.put("getStrip", strips::cues);
    handlers.put("getStripImage", strips::image);
    handlers.put("playShare", share::play);
    handlers.put("downloadShare", share::download);
    handlers.put("downloadRecording", recordings::download);
    handlers.put("getSubtitles", editors::subtitles);
    handlers.put("getProject", editors::project);
    handlers.put(PUT_UPLOAD, uploads::put);
    handlers.put("getLivePlaylist", live::list);
    handlers.put("getLivePiece", live::piece);
    handlers.put("getSnapshot", live::snapshot);
    if (!rawOperations().equals(contract.rawOperations())) {
      throw new IllegalStateException(
          "raw routes differ [contract="
              + contract.rawOperations()
              + ", mounted="
              + rawOperations()
              + "]");
    }
    // In the order of their paths, in which a name comes before a parameter in its place.
    RAW_ROUTES.entrySet().stream()
        .sorted(Comparator.comparing(each -> each.getValue().replace(':', Character.MAX_VALUE)))
        .forEach(
            each -> {
              Route route = router.route(each.getValue());
              methods(each.getKey()).forEach(route::method);
              route.handler(handlers.get(each.getKey()));
            });
    publishers.mount(router);
  }

  /** All that are mounted by hand. */
  static Set<String> rawOperations() {
    Set<String> operations = new TreeSet<>(RAW_ROUTES.keySet());
    operations.addAll(WhipRoutes.OPERATIONS.keySet());
    return operations;
  }

  private static List<HttpMethod> methods(String rawOperation) {
    return rawOperation.equals(PUT_UPLOAD)
        ? List.of(HttpMethod.PUT)
        : List.of(HttpMethod.GET, HttpMethod.HEAD);
  }

  private Router contractRouter(RestContract contract) {
    RouterBuilder builder =
        RouterBuilder.create(vertx, contract.validated(), RequestExtractor.withBodyHandler());
    builder.rootHandler(new BodyLimits());
    Map<String, Handler<RoutingContext>> open = openHandlers();
    Map<String, Handler<RoutingContext>> closed = closedHandlers();
    for (Operation operation : contract.validated().operations()) {
      var route = builder.getRoute(operation.getOperationId()).setDoSecurity(false);
      if (operation.getSecurityRequirements().isEmpty()) {
        route.addHandler(handlerOf(open, operation));
      } else {
        route.addHandler(handlerOf(closed, operation));
      }
    }
    return builder.createRouter();
  }

  /**
   * Who calls is asked before what: a stranger's body is not even read. Only what the contract
   * calls open is open; a path that it does not know is closed.
   */
  private void admit(RestContract contract, RoutingContext context) {
    Operation operation =
        contract.validated().findOperation(path(context), context.request().method());
    if (operation != null && operation.getSecurityRequirements().isEmpty()) {
      context.next();
    } else {
      Requests.requireCaller(context, parts.tokens());
    }
  }

  /** The path as routes see it: normalised (RFC 3986, 6.2), a slash at its end ignored. */
  private static String path(RoutingContext context) {
    String path = context.normalizedPath();
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static Handler<RoutingContext> handlerOf(
      Map<String, Handler<RoutingContext>> handlers, Operation operation) {
    Handler<RoutingContext> handler = handlers.get(operation.getOperationId());
    if (handler == null) {
      throw new IllegalStateException(
          "no handler for an operation [id=" + operation.getOperationId() + "]");
    }
    return handler;
  }

  private Map<String, Handler<RoutingContext>> openHandlers() {
    AuthRoutes auth = new AuthRoutes(parts);
    return Map.of(
        "getHealth", this::health,
        "getShare", new ShareAccess(vertx, parts)::describe,
        "register", auth::register,
        "login", auth::login,
        "refresh", auth::refresh,
        "logout", auth::logout);
  }

  private Map<String, Handler<RoutingContext>> closedHandlers() {
    StreamRoutes streams = new StreamRoutes(parts);
    ClipRoutes clips = new ClipRoutes(parts);
    ClipEditRoutes edits = new ClipEditRoutes(parts);
    ShareRoutes shares = new ShareRoutes(parts);
    WorkspaceRoutes workspace = new WorkspaceRoutes(parts);
    InferenceRoutes inference = new InferenceRoutes(parts);
    JobRoutes jobs = new JobRoutes(vertx, parts);
    Map<String, Handler<RoutingContext>> handlers = new TreeMap<>();
    handlers.put("createStream", streams::create);
    handlers.put("listStreams", streams::list);
    handlers.put("getStream", streams::get);
    handlers.put("changeStream", streams::change);
    handlers.put("deleteStream", streams::delete);
    handlers.put("pauseStream", streams::pause);
    handlers.put("resumeStream", streams::resume);
    handlers.put("getStreamHealth", streams::health);
    handlers.put("getRecording", recordings::describe);
    handlers.put("deleteRecording", recordings::erase);
    handlers.put("createClip", clips::create);
    handlers.put("listStreamClips", clips::listOfStream);
    handlers.put("listClips", clips::list);
    handlers.put("getClip", clips::get);
    handlers.put("listClipVersions", clips::versions);
    handlers.put("rerenderClip", new RerenderRoutes(parts)::rerender);
    handlers.put("verifyClip", new ClipVerifyRoutes(parts)::verify);
    handlers.put("changeClip", edits::change);
    handlers.put("approveClip", edits::approve);
    handlers.put("rejectClip", edits::reject);
    handlers.put("deleteClip", edits::delete);
    handlers.put("restoreClip", edits::restore);
    handlers.put("createShare", shares::create);
    handlers.put("listShares", shares::list);
    handlers.put("revokeShare", shares::revoke);
    handlers.put("presignUpload", uploads::presign);
    handlers.put("confirmUpload", uploads::confirm);
    handlers.put("getStorage", workspace::storage);
    handlers.put("getGpuHealth", inference::health);
    handlers.put("getCapacity", inference::capacity);
    handlers.put("getRetention", workspace::retention);
    handlers.put("setRetention", workspace::setRetention);
    handlers.put("approveClips", edits::approveAll);
    handlers.put("rejectClips", edits::rejectAll);
    handlers.put("deleteClips", edits::deleteAll);
    handlers.put("restoreClips", edits::restoreAll);
    handlers.put("createJob", jobs::create);
    handlers.put("listJobs", jobs::list);
    handlers.put("getJob", jobs::get);
    handlers.put("deleteJob", jobs::delete);
    handlers.put("pauseJob", jobs::pause);
    handlers.put("resumeJob", jobs::resume);
    handlers.put("approveJob", jobs::approve);
    handlers.put("retryJob", jobs::retry);
    handlers.put("listJobSteps", jobs::steps);
    handlers.put("getJobTranscript", jobs::transcript);
    handlers.put("listJobArtifacts", jobs::artifacts);
    return handlers;
  }

  private void health(RoutingContext context) {
    parts
        .database()
        .ping()
        .onComplete(
            answered -> answerHealth(context, "ok", 200),
            away -> answerHealth(context, "away", 503));
  }

  private static void answerHealth(RoutingContext context, String database, int status) {
    Requests.answer(
        context,
        status,
        new JsonObject()
            .put("status", status == 200 ? "ok" : "degraded")
            .put("checks", new JsonObject().put("database", database)));
  }

  /** What no route took: another method of a known path, or an unknown path. */
  private static void refuse(RestContract contract, RoutingContext context) {
    List<String> methods = new ArrayList<>();
    for (HttpMethod method :
        List.of(
            HttpMethod.GET, HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE)) {
      if (contract.validated().findOperation(path(context), method) != null) {
        methods.add(method.name());
      }
    }
    if (methods.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.NOT_FOUND, "there is nothing at " + context.request().path());
    }
    context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", methods));
    throw new HalcyonException(
        ErrorCode.METHOD_NOT_ALLOWED, "allowed here: " + String.join(", ", methods));
  }
}
