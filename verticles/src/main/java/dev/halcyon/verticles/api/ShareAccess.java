package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.access.ShareSignature;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.ShareLink;
import dev.halcyon.verticles.store.ShareStore;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BinaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What strangers get by a share link. Signature and expiry are checked first, then the row:
 * revoked, bound to another address, used up. Bytes are charged before they are sent and refunded
 * when they were not, so that requests at the same time cannot overdraw a link.
 */
final class ShareAccess {
  private static final Logger log = LoggerFactory.getLogger(ShareAccess.class);

  /** A player that seeks drops one request and sends the next before the first one's refund. */
  private static final long REFUND_WAIT_MS = 200;

  private static final int REFUND_WAITS = 10;

  private final Vertx vertx;
  private final ClipStore clips;
  private final ShareStore shares;
  private final ShareSignature signature;
  private final ClipFiles files;
  private final DerivedFiles derived;
  private final ShareJson json;
  private final Callers callers;
  private final Clock clock;

  /** Requests of a link that are being answered. */
  private final Map<UUID, Integer> underWay = new ConcurrentHashMap<>();

  /** A link that may be used, and what it leads to. */
  private record Opened(ShareLink link, Clip clip, ClipVersion version) {}

  ShareAccess(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.clips = parts.clips();
    this.shares = parts.shares();
    this.signature = parts.shareSignature();
    this.files = new ClipFiles(vertx, parts.blobs());
    this.derived = new DerivedFiles(parts, files);
    this.json = new ShareJson(parts.shareSignature());
    this.callers = new Callers(parts.options());
    this.clock = parts.clock();
  }

  void describe(RoutingContext context) {
    open(context)
        .map(
            opened -> {
              if (opened.link().isUsedUp()) {
                throw usedUp(opened.link());
              }
              return opened;
            })
        .onSuccess(
            opened ->
                Requests.answer(
                    context,
                    200,
                    json.forGuest(opened.link(), opened.clip(), opened.version().container())))
        .onFailure(context::fail);
  }

  void play(RoutingContext context) {
    open(context)
        .compose(opened -> answer(context, opened, ContentDisposition::inline))
        .onFailure(context::fail);
  }

  void download(RoutingContext context) {
    open(context).compose(opened -> answerFormat(context, opened)).onFailure(context::fail);
  }

  private Future<Void> answerFormat(RoutingContext context, Opened opened) {
    Optional<DerivedForm> form =
        new FormatQuery(context).readPlain(opened.clip(), opened.version());
    if (form.isEmpty()) {
      return answer(context, opened, ContentDisposition::attachment);
    }
    if (opened.link().isUsedUp()) {
      throw usedUp(opened.link());
    }
    return derived
        .find(opened.clip(), opened.version(), form.get())
        .compose(
            found ->
                found.isEmpty()
                    ? DerivedFiles.answerLater(context)
                    : charged(context, opened.link(), answer(context, opened, found.get())));
  }

  private static FileAnswer answer(
      RoutingContext context, Opened opened, DerivedFiles.Ready ready) {
    DerivedForm form = ready.derived().form();
    return FileAnswer.of(
        context.request(),
        ready.found(),
        ready.etag(),
        form.contentType(),
        ContentDisposition.attachment(opened.clip().title(), form.extension()));
  }

  private Future<Opened> open(RoutingContext context) {
    UUID id = Requests.id(context, ErrorCode.SHARE_INVALID);
    requireSignature(context, id);
    return shares
        .any(id)
        .map(
            found ->
                usable(found.orElseThrow(ShareAccess::revoked), callers.address(context.request())))
        .compose(
            link ->
                clips
                    .byId(link.workspaceId(), link.clipId())
                    .map(
                        clip ->
                            clip.orElseThrow(
                                () ->
                                    new HalcyonException(
                                        ErrorCode.CLIP_NOT_FOUND, "the clip was deleted")))
                    .map(
                        clip ->
                            new Opened(
                                link, clip, ClipFiles.version(clip, Optional.of(link.version())))));
  }

  private void requireSignature(RoutingContext context, UUID id) {
    String expires = context.request().getParam("exp", "");
    String given = context.request().getParam("sig", "");
    switch (signature.judge(id, expires, given)) {
      case VALID -> {}
      case FORGED ->
          throw new HalcyonException(
              ErrorCode.SHARE_INVALID, "this link is not complete, or was not made here");
      case EXPIRED -> throw new HalcyonException(ErrorCode.SHARE_EXPIRED, "this link has expired");
    }
  }

  private static ShareLink usable(ShareLink link, String address) {
    if (link.revokedAt().isPresent()) {
      throw revoked();
    }
    if (link.boundAddress().filter(bound -> !bound.equals(address)).isPresent()) {
      throw new HalcyonException(
          ErrorCode.SHARE_ADDRESS, "this link works from another address only");
    }
    return link;
  }

  private static HalcyonException revoked() {
    return new HalcyonException(ErrorCode.SHARE_REVOKED, "this link was taken back");
  }

  private static HalcyonException usedUp(ShareLink link) {
    return new HalcyonException(
        ErrorCode.SHARE_USED_UP,
        "this link was good for " + link.maxDownloads() + " downloads, and they are used up");
  }

  private Future<Void> answer(
      RoutingContext context, Opened opened, BinaryOperator<String> disposition) {
    ClipVersion version = opened.version();
    return files
        .find(opened.link().workspaceId(), version.blobKey())
        .map(
            found ->
                FileAnswer.of(
                    context.request(),
                    found,
                    '"' + version.contract().sha256() + '"',
                    ClipFiles.contentType(version),
                    disposition.apply(opened.clip().title(), version.container())))
        .compose(answer -> charged(context, opened.link(), answer));
  }

  private Future<Void> charged(RoutingContext context, ShareLink link, FileAnswer answer) {
    long bytes = cost(link, answer, answer.lengthBytes());
    if (bytes == 0) {
      return answer.send(vertx, context);
    }
    return charge(link, bytes, REFUND_WAITS)
        .compose(
            done -> {
              underWay.merge(link.id(), 1, Integer::sum);
              return answer
                  .sendCounted(vertx, context)
                  .map(sent -> cost(link, answer, sent))
                  .transform(sent -> settled(link, bytes, sent));
            });
  }

  /** A file in another form counts as one download as well, whatever its size. */
  private static long cost(ShareLink link, FileAnswer answer, long bytes) {
    if (answer.sizeBytes() == link.sizeBytes()) {
      return bytes;
    }
    // The whole file is one download to the byte.
    return bytes == answer.sizeBytes()
        ? link.sizeBytes()
        : (long) Math.ceil((double) bytes * link.sizeBytes() / answer.sizeBytes());
  }

  /** Waits a little for the refunds of the link's other requests before it gives up. */
  private Future<Void> charge(ShareLink link, long bytes, int waits) {
    return shares
        .charge(link.id(), bytes, clock.now())
        .compose(
            isCharged -> {
              if (isCharged) {
                return Future.succeededFuture();
              }
              if (waits == 0 || !underWay.containsKey(link.id())) {
                return Future.failedFuture(usedUp(link));
              }
              return vertx.timer(REFUND_WAIT_MS).compose(tick -> charge(link, bytes, waits - 1));
            });
  }

  private Future<Void> settled(ShareLink link, long charged, AsyncResult<Long> sent) {
    long unsent = sent.succeeded() ? charged - sent.result() : charged;
    Future<Void> refund = unsent == 0 ? Future.succeededFuture() : shares.refund(link.id(), unsent);
    return refund
        .otherwise(
            failure -> {
              log.warn("bytes stay charged [share={}]: {}", link.id(), failure.getMessage());
              return null;
            })
        .onComplete(
            done ->
                underWay.computeIfPresent(
                    link.id(), (id, requests) -> requests == 1 ? null : requests - 1))
        .compose(
            done ->
                sent.succeeded() ? Future.succeededFuture() : Future.failedFuture(sent.cause()));
  }
}
