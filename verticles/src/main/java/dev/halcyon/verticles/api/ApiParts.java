package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.access.AccessTokens;
import dev.halcyon.verticles.access.Accounts;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.access.ShareKeys;
import dev.halcyon.verticles.access.ShareSignature;
import dev.halcyon.verticles.access.UploadSignature;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.job.JobFolders;
import dev.halcyon.verticles.store.AccountStore;
import dev.halcyon.verticles.store.ClipEdits;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.DerivedStore;
import dev.halcyon.verticles.store.ExactVersions;
import dev.halcyon.verticles.store.IdempotencyStore;
import dev.halcyon.verticles.store.PostgresJobStore;
import dev.halcyon.verticles.store.ShareStore;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.store.WorkspaceStore;
import dev.halcyon.verticles.upload.SourceUploads;
import io.vertx.core.Vertx;

/** What the HTTP server works with; all of it outlives the server. */
public record ApiParts(
    ApiOptions options,
    AccessOptions access,
    IngestUrls ingestUrls,
    Database database,
    StreamStore streams,
    ClipStore clips,
    PostgresJobStore jobs,
    JobFolders jobFolders,
    DerivedStore derived,
    ClipEdits edits,
    ExactVersions exactVersions,
    ClipPolicy clipPolicy,
    ShareStore shares,
    WorkspaceStore workspaces,
    IdempotencyStore idempotency,
    BlobStore blobs,
    Bus bus,
    AccessTokens tokens,
    Accounts accounts,
    MediaSignature signature,
    ShareKeys shareKeys,
    ShareSignature shareSignature,
    SourceUploads uploads,
    UploadSignature uploadSignature,
    Clock clock) {

  /**
   * Builds the parts from what the node has.
   *
   * @param secret of this installation, at least 32 characters; it signs tokens and media URLs
   */
  public static ApiParts of(
      Vertx vertx,
      ApiOptions options,
      AccessOptions access,
      IngestUrls ingestUrls,
      ClipPolicy clipPolicy,
      Database database,
      BlobStore blobs,
      JobFolders jobFolders,
      String secret,
      ShareKeys shareKeys,
      SourceUploads uploads,
      Clock clock) {
    AccessTokens tokens = new AccessTokens(vertx, secret, access.accessLifetime(), clock);
    return new ApiParts(
        options,
        access,
        ingestUrls,
        database,
        new StreamStore(database.pool()),
        new ClipStore(database.pool()),
        new PostgresJobStore(database.pool()),
        jobFolders,
        new DerivedStore(database.pool()),
        new ClipEdits(database.pool()),
        new ExactVersions(database.pool()),
        clipPolicy,
        new ShareStore(database.pool()),
        new WorkspaceStore(database.pool()),
        new IdempotencyStore(database.pool()),
        blobs,
        Bus.of(vertx),
        tokens,
        new Accounts(vertx, new AccountStore(database.pool()), tokens, access, clock),
        new MediaSignature(secret, access.mediaUrlLifetime(), clock),
        shareKeys,
        new ShareSignature(shareKeys, clock),
        uploads,
        new UploadSignature(secret, clock),
        clock);
  }
}
