package dev.halcyon.verticles.upload;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.job.SourceFiles;
import dev.halcyon.verticles.step.SourceFacts;
import dev.halcyon.verticles.step.StepCommand;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.UploadRow;
import dev.halcyon.verticles.store.UploadStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The videos that users bring for their jobs: agreed on, received, looked into, opened, and gone
 * when nobody needs them any more. All but {@link #open} and {@link #close} do not block. Any
 * thread.
 */
public final class SourceUploads implements SourceFiles, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SourceUploads.class);

  /** Of a workspace on their way, or there and not looked into. */
  private static final int MOST_OF_WORKSPACE = 20;

  /** How long a file stays that nobody confirms. */
  private static final Duration UNCONFIRMED = Duration.ofDays(1);

  /** Less than a connection may be silent; who asked comes back for the answer. */
  private static final long PATIENCE_MS = 60_000;

  private static final int BATCH = 100;

  private final Vertx vertx;
  private final UploadStore rows;
  private final UploadOptions options;
  private final UploadFolder folder;
  private final UploadReceiver receiver;
  private final UploadProbe probe;
  private final Clock clock;

  /** Whose file gets its place just now. */
  private final Set<UUID> placing = ConcurrentHashMap.newKeySet();

  private SourceUploads(
      Vertx vertx,
      UploadStore rows,
      UploadOptions options,
      UploadFolder folder,
      StepCommand command,
      Clock clock) {
    this.vertx = vertx;
    this.rows = rows;
    this.options = options;
    this.folder = folder;
    this.receiver = new UploadReceiver(vertx, folder);
    this.probe = new UploadProbe(command);
    this.clock = clock;
  }

  /**
   * Blocks.
   *
   * @param command starts the processes that look into files
   */
  public static SourceUploads open(
      Vertx vertx, UploadStore rows, UploadOptions options, StepCommand command, Clock clock)
      throws IOException {
    return new SourceUploads(vertx, rows, options, UploadFolder.open(options), command, clock);
  }

  /**
   * Agrees on a file; fails with MEDIA_TOO_LARGE, or LIMIT_REACHED when the workspace has too many
   * on their way.
   */
  public Future<UploadRow> expect(
      UUID workspaceId, UUID userId, String filename, String contentType, long sizeBytes) {
    if (sizeBytes > options.maxBytes()) {
      return Future.failedFuture(
          new HalcyonException(
              ErrorCode.MEDIA_TOO_LARGE,
              "size_bytes: at most " + options.maxBytes() + " bytes are taken"));
    }
    Instant now = clock.now().truncatedTo(ChronoUnit.MICROS);
    UploadRow upload =
        UploadRow.expected(
            UUID.randomUUID(),
            workspaceId,
            userId,
            filename,
            contentType,
            sizeBytes,
            now,
            now.plus(options.linkLifetime()));
    return rows.create(upload, MOST_OF_WORKSPACE)
        .map(
            isCreated -> {
              if (!isCreated) {
                throw new HalcyonException(
                    ErrorCode.LIMIT_REACHED,
                    MOST_OF_WORKSPACE + " files of the workspace wait to be put and confirmed");
              }
              return upload;
            });
  }

  /**
   * Takes a file that was agreed on, once; what breaks off may be put again.
   *
   * @param onReady called when it is wanted and there is room for it
   */
  public Future<UploadRow> receive(UUID id, Pipe<Buffer> body, Runnable onReady) {
    return rows.any(id)
        .map(found -> found.orElseThrow(SourceUploads::notFound))
        .map(SourceUploads::requireOpen)
        .compose(upload -> receiver.receive(upload, body, onReady))
        .compose(file -> placed(id, file));
  }

  /**
   * The file has its place before its row says so: after a kill in between it can be put again. One
   * at a time, so that none takes the place of a file that was confirmed.
   */
  private Future<UploadRow> placed(UUID id, Path file) {
    if (!placing.add(id)) {
      receiver.drop(file);
      return Future.failedFuture(closed());
    }
    return rows.any(id)
        .map(found -> requireOpen(found.orElseThrow(SourceUploads::notFound)))
        .compose(upload -> finished(file, id))
        .onFailure(failure -> receiver.drop(file))
        .compose(there -> rows.received(id, clock.now()))
        .compose(row -> row.map(Future::succeededFuture).orElseGet(() -> swept(id)))
        .onComplete(done -> placing.remove(id));
  }

  private Future<Void> finished(Path file, UUID id) {
    Callable<Void> move =
        () -> {
          folder.finish(file, id);
          return null;
        };
    return vertx.executeBlocking(move, false);
  }

  /** Its time was over meanwhile. */
  private Future<UploadRow> swept(UUID id) {
    return deleted(id).compose(gone -> Future.failedFuture(notFound()));
  }

  private static UploadRow requireOpen(UploadRow upload) {
    return switch (upload.status()) {
      case EXPECTED -> upload;
      case RECEIVED, CONFIRMED, REFUSED -> throw closed();
      case GONE -> throw notFound();
    };
  }

  private static HalcyonException closed() {
    return new HalcyonException(
        ErrorCode.UPLOAD_CLOSED,
        "the file has come already: confirm it, or ask for another upload");
  }

  /**
   * Looks into a file that has come.
   *
   * @return the upload, confirmed; or a failure: what is wrong with the file, NOT_FOUND, NOT_READY
   *     (it has not come, or looking takes longer: ask again)
   */
  public Future<UploadRow> confirm(UUID workspaceId, String fileKey) {
    Optional<UUID> id = UploadRow.idOf(workspaceId, fileKey);
    return id.map(rows::any)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .map(
            found ->
                found
                    .filter(upload -> upload.workspaceId().equals(workspaceId))
                    .orElseThrow(SourceUploads::notFound))
        .compose(
            upload ->
                switch (upload.status()) {
                  case EXPECTED ->
                      Future.failedFuture(
                          new HalcyonException(
                              ErrorCode.NOT_READY, "the file has not come: PUT it first"));
                  case RECEIVED ->
                      vertx
                          .fileSystem()
                          .exists(folder.fileOf(upload.id()).toString())
                          .compose(
                              isThere ->
                                  isThere ? soon(looked(upload)) : Future.failedFuture(notFound()));
                  case CONFIRMED -> Future.succeededFuture(upload);
                  case REFUSED -> Future.failedFuture(refusal(upload.failure().orElseThrow()));
                  case GONE -> Future.failedFuture(notFound());
                });
  }

  private Future<UploadRow> looked(UploadRow upload) {
    return Future.fromCompletionStage(
            probe.look(upload.id(), folder.fileOf(upload.id())), vertx.getOrCreateContext())
        .compose(facts -> kept(upload, facts), failure -> refused(upload, failure));
  }

  private Future<UploadRow> kept(UploadRow upload, SourceFacts facts) {
    // Who asked at the same time may have noted it already.
    return rows.confirmed(upload.id(), facts, clock.now())
        .compose(row -> row.isPresent() ? Future.succeededFuture(row) : rows.any(upload.id()))
        .map(
            row ->
                row.filter(known -> known.facts().isPresent())
                    .orElseThrow(SourceUploads::notFound));
  }

  /** What would be refused again is deleted at once. */
  private Future<UploadRow> refused(UploadRow upload, Throwable failure) {
    if (!(failure instanceof HalcyonException stated)) {
      return Future.failedFuture(failure);
    }
    StepFailure why = StepFailure.of(stated);
    boolean isFinal = !why.isWorthRetrying() || stated.code() == ErrorCode.DECODER_CRASHED;
    return isFinal
        ? rows.refused(upload.id(), why)
            .onSuccess(noted -> drop(upload.id()))
            .compose(noted -> Future.failedFuture(stated))
        : Future.failedFuture(stated);
  }

  private Future<UploadRow> soon(Future<UploadRow> answer) {
    return answer
        .timeout(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof TimeoutException
                        ? new HalcyonException(
                            ErrorCode.NOT_READY, "looking into it takes longer; ask again", failure)
                        : failure));
  }

  @Override
  public SourceFile open(UUID workspaceId, String fileKey) {
    Optional<UUID> id = UploadRow.idOf(workspaceId, fileKey);
    if (id.isEmpty()) {
      throw notFound();
    }
    try {
      UploadRow upload =
          Database.await(rows.use(workspaceId, id.get(), clock.now()))
              .orElseThrow(SourceUploads::notFound);
      Path file = folder.fileOf(upload.id());
      if (Files.notExists(file)) {
        throw notFound();
      }
      return new SourceFile(file, upload.filename());
    } catch (IOException failure) {
      if (failure.getCause() instanceof HalcyonException stated) {
        throw stated;
      }
      throw new HalcyonException(ErrorCode.INTERNAL, "the database refused an upload", failure);
    }
  }

  /** Deletes what was not confirmed in time, or not used for long. */
  public Future<Void> sweep() {
    Instant now = clock.now();
    return rows.takeStale(now.minus(options.keep()), now.minus(UNCONFIRMED), BATCH)
        .compose(
            stale ->
                deleteEach(stale.iterator())
                    .compose(
                        done ->
                            stale.size() == BATCH && done == BATCH
                                ? sweep()
                                : Future.succeededFuture()));
  }

  private Future<Integer> deleteEach(Iterator<UploadRow> stale) {
    if (!stale.hasNext()) {
      return Future.succeededFuture(0);
    }
    UploadRow upload = stale.next();
    return deleted(upload.id())
        .compose(done -> rows.forget(upload.id()))
        .map(1)
        .otherwise(
            failure -> {
              log.warn("an upload stays for now [upload={}]", upload.id(), failure);
              return 0;
            })
        .compose(own -> deleteEach(stale).map(others -> own + others));
  }

  private void drop(UUID id) {
    deleted(id).onFailure(failure -> log.warn("a refused upload stays [upload={}]", id, failure));
  }

  private Future<Void> deleted(UUID id) {
    Callable<Void> deletion =
        () -> {
          folder.delete(id);
          return null;
        };
    return vertx.executeBlocking(deletion, false);
  }

  private static HalcyonException refusal(StepFailure why) {
    return new HalcyonException(why.code(), why.message());
  }

  private static HalcyonException notFound() {
    return new HalcyonException(ErrorCode.NOT_FOUND, "there is no such upload");
  }

  /** Ends what is being looked into. Blocks for some seconds at most. */
  @Override
  public void close() {
    probe.close();
  }
}
