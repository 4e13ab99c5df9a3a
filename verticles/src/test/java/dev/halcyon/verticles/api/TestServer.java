package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.store.SharedDatabase.await;

import dev.halcyon.codecs.session.SessionStore;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.access.ShareKeys;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipPlaylists;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.clip.OpenClips;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.PublishRequest;
import dev.halcyon.verticles.ingest.whip.WhipOptions;
import dev.halcyon.verticles.ingest.whip.WhipVerticle;
import dev.halcyon.verticles.job.JobFolders;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.preview.LivePreviews;
import dev.halcyon.verticles.record.DownloadOptions;
import dev.halcyon.verticles.record.RecordOptions;
import dev.halcyon.verticles.record.RecordingDesk;
import dev.halcyon.verticles.record.Recordings;
import dev.halcyon.verticles.step.StepCommand;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.UploadStore;
import dev.halcyon.verticles.upload.SourceUploads;
import dev.halcyon.verticles.upload.UploadOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Assertions;

/** A real HTTP server over a real database, with a {@link FakeNode} behind the bus. */
public final class TestServer implements AutoCloseable {
  /** SHA-256 stands in the contract; its value is not checked by the server. */
  static final String SHA256 = "0123456789abcdef".repeat(4);

  public final Vertx vertx;
  public final TestClock clock = new TestClock();
  public final ApiParts parts;
  final FakeNode node;
  final LocalBlobStore blobs;
  private final SourceUploads uploads;
  private final Database database;
  private final Metrics metrics = new Metrics();
  private final ClipViewers viewers;
  private final ClipPlaylists playlists;
  private final Recordings recordings;
  private final RecordingDesk desk;
  private final WhipVerticle whip;
  private final HttpVerticle http;
  private final WebClient client;

  private TestServer(Database shared, Path folder, AccessOptions access, ApiOptions options)
      throws IOException {
    vertx = Vertx.vertx();
    Bus bus = Bus.install(vertx);
    var address = shared.address();
    database =
        await(
            Database.at(
                vertx,
                "postgresql://%s:%s@%s:%d/%s"
                    .formatted(
                        address.user(),
                        address.password(),
                        address.host(),
                        address.port(),
                        address.database())));
    blobs = LocalBlobStore.open(folder);
    uploads =
        SourceUploads.open(
            vertx,
            new UploadStore(database.pool()),
            UploadOptions.in(folder.resolve("uploads")),
            StepCommand.ofThisProgram(),
            clock);
    parts =
        ApiParts.of(
            vertx,
            options,
            access,
            new IngestUrls(
                Optional.empty(), OptionalInt.of(1935), OptionalInt.of(8554), OptionalInt.empty()),
            ClipPolicy.DEFAULT,
            database,
            blobs,
            new JobFolders(folder.resolve("jobs")),
            "s".repeat(64),
            ShareKeys.open(folder.resolve("share-keys")),
            uploads,
            clock);
    node = new FakeNode(bus, parts.clips());
    OpenClips openClips = new OpenClips();
    viewers = new ClipViewers(vertx, openClips, metrics, clock);
    playlists = new ClipPlaylists(vertx, openClips, viewers, clock);
    recordings =
        new Recordings(
            RecordOptions.hourly(folder.resolve("sessions"), 1, 0, 0, 0), SessionStore.DISK, clock);
    desk = new RecordingDesk(vertx, recordings, new DownloadOptions(2, Duration.ofHours(1)));
    LivePreviews previews =
        new LivePreviews(
            vertx,
            id ->
                Future.failedFuture(
                    new HalcyonException(ErrorCode.RANGE_NOT_HELD, "nothing was published")),
            viewers,
            clock);
    whip =
        new WhipVerticle(
            WhipOptions.listeningOn("127.0.0.1", 0), TestServer::refuse, metrics.registry());
    await(vertx.deployVerticle(whip));
    http = new HttpVerticle(parts, viewers, playlists, previews, desk, whip, Optional.empty());
    await(vertx.deployVerticle(http));
    client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setDefaultHost("127.0.0.1")
                .setDefaultPort(http.actualPort())
                .setFollowRedirects(false));
  }

  /** Nobody may publish here. */
  private static Future<Publication> refuse(PublishRequest request) {
    return Future.failedFuture(
        new HalcyonException(ErrorCode.UNKNOWN_STREAM_KEY, "no stream has this key"));
  }

  public static TestServer start(Database shared, Path folder) throws IOException {
    AccessOptions lenient =
        new AccessOptions(
            true,
            1_000,
            1_000,
            100,
            1_000,
            AccessOptions.DEFAULT.accessLifetime(),
            AccessOptions.DEFAULT.refreshLifetime(),
            AccessOptions.DEFAULT.mediaUrlLifetime());
    return start(shared, folder, lenient);
  }

  static TestServer start(Database shared, Path folder, AccessOptions access) throws IOException {
    return new TestServer(
        shared, folder, access, new ApiOptions("127.0.0.1", 0, Set.of(), Set.of("rtsp")));
  }

  static TestServer start(Database shared, Path folder, ApiOptions options) throws IOException {
    return new TestServer(shared, folder, AccessOptions.DEFAULT, options);
  }

  public int port() {
    return http.actualPort();
  }

  @Override
  public void close() {
    await(vertx.undeploy(http.deploymentID()));
    await(vertx.undeploy(whip.deploymentID()));
    playlists.close();
    viewers.close();
    desk.close();
    uploads.close();
    recordings.close();
    metrics.close();
    await(database.close());
    await(vertx.close());
  }

  /** A user of a new workspace, signed in. */
  public User user() {
    String email = UUID.randomUUID() + "@example.org";
    JsonObject registered =
        expect(
            201,
            post(
                "/api/auth/register",
                Optional.empty(),
                new JsonObject()
                    .put("email", email)
                    .put("password", "correct horse")
                    .put("name", "Ada")));
    JsonObject session =
        expect(
            200,
            post(
                "/api/auth/login",
                Optional.empty(),
                new JsonObject().put("email", email).put("password", "correct horse")));
    return new User(
        email,
        UUID.fromString(registered.getString("id")),
        UUID.fromString(registered.getString("workspace_id")),
        session.getString("access_token"),
        session.getString("refresh_token"));
  }

  /** Who is signed in. */
  public record User(
      String email, UUID id, UUID workspaceId, String accessToken, String refreshToken) {
    public Optional<String> token() {
      return Optional.of(accessToken);
    }
  }

  /** A push stream of the user. */
  public JsonObject stream(User user) {
    return expect(
        201,
        post(
            "/api/streams",
            user.token(),
            new JsonObject()
                .put("name", "Stage")
                .put("source", new JsonObject().put("type", "push"))));
  }

  /** A sealed clip with a file of {@code content}. */
  Clip sealedClip(User user, UUID streamId, byte[] content) throws IOException {
    UUID id = UUID.randomUUID();
    BlobKey media = stored(BlobKey.fresh(user.workspaceId(), id, "mp4"), content);
    BlobKey poster = stored(BlobKey.fresh(user.workspaceId(), id, "jpg"), new byte[] {1, 2, 3});
    Clip sealed =
        requestedClip(user, streamId, id)
            .sealed(
                new ClipVersion(
                    1,
                    ClipVersion.Kind.INSTANT,
                    "mp4",
                    media.text(),
                    content.length,
                    new CutContract(
                        0, 1, 0, 1, false, 0, 0, List.of(), List.of(0), 0, 0, 1, 0, SHA256)),
                Optional.of(poster.text()));
    await(parts.clips().update(sealed));
    return sealed;
  }

  Clip requestedClip(User user, UUID streamId, UUID id) {
    Clip clip =
        new Clip(
            id,
            user.workspaceId(),
            new ClipOrigin.OfStream(streamId),
            ClipStatus.REQUESTED,
            "Tor! \"1:0\"",
            "",
            List.of(),
            1_000_000,
            3_000_000,
            0.5,
            ClipReason.manual(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.parse("2026-11-20T12:00:00.5Z"));
    await(parts.clips().insert(clip));
    return clip;
  }

  private BlobKey stored(BlobKey key, byte[] content) throws IOException {
    Path staged = blobs.stage(key);
    Files.write(staged, content);
    blobs.commit(staged, key);
    return key;
  }

  public HttpResponse<Buffer> get(String path, Optional<String> token) {
    return await(request(HttpMethod.GET, path, token).send());
  }

  HttpResponse<Buffer> get(String path, Optional<String> token, Map<String, String> headers) {
    HttpRequest<Buffer> request = request(HttpMethod.GET, path, token);
    headers.forEach(request::putHeader);
    return await(request.send());
  }

  public HttpResponse<Buffer> delete(String path, Optional<String> token) {
    return send(HttpMethod.DELETE, path, token);
  }

  public HttpResponse<Buffer> send(HttpMethod method, String path, Optional<String> token) {
    return await(request(method, path, token).send());
  }

  public HttpResponse<Buffer> post(String path, Optional<String> token, JsonObject body) {
    return send(HttpMethod.POST, path, token, body, Map.of());
  }

  public HttpResponse<Buffer> send(
      HttpMethod method,
      String path,
      Optional<String> token,
      JsonObject body,
      Map<String, String> headers) {
    HttpRequest<Buffer> request = request(method, path, token);
    headers.forEach(request::putHeader);
    return await(request.sendJsonObject(body));
  }

  HttpRequest<Buffer> request(HttpMethod method, String path, Optional<String> token) {
    HttpRequest<Buffer> request = client.request(method, path);
    token.ifPresent(request::bearerTokenAuthentication);
    return request;
  }

  /** The body of an answer that must have this status. */
  public static JsonObject expect(int status, HttpResponse<Buffer> response) {
    Assertions.assertEquals(status, response.statusCode(), () -> response.bodyAsString());
    return response.bodyAsJsonObject();
  }

  /** Asserts the error shape and gives its message. */
  public static String expectError(ErrorCode code, HttpResponse<Buffer> response) {
    JsonObject error = expect(code.httpStatus(), response).getJsonObject("error");
    Assertions.assertEquals(code.name(), error.getString("code"));
    Assertions.assertTrue(error.getString("trace_id").startsWith("tr-"));
    return error.getString("message");
  }
}
