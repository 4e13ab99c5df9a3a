package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Finds the stream's key in a request: in its path, or, for encoders with fields for user and
 * password, proven by digest or told by basic authentication. One connection's.
 */
final class KeyCheck {
  private static final int MAX_KEY_CHARS = 256;
  private static final int MAX_FAILURES = 3;

  private final String app;
  private final RtspPeer peer;
  private final String nonce;
  private int failures;

  /** What was found. */
  sealed interface Found {}

  /** The key that was given, or proven to be known; that it is right, only the gate can say. */
  record Key(String streamKey) implements Found {
    @Override
    public String toString() {
      return "Key";
    }
  }

  /** None, or a wrong one: try again. */
  record Challenge(RtspResponse answer) implements Found {}

  /**
   * @param nonce of the connection; nobody can guess it
   */
  KeyCheck(String app, RtspPeer peer, String nonce) {
    this.app = app;
    this.peer = peer;
    this.nonce = nonce;
  }

  Future<Found> key(RtspRequest request) {
    RtspAddress address = RtspAddress.of(request.uri());
    if (!address.isOf(app)) {
      throw new HalcyonException(
          ErrorCode.NOT_FOUND, "publish to /" + app + "/ and the stream key");
    }
    Optional<String> inPath = address.key(app);
    if (inPath.isPresent()) {
      return Future.succeededFuture(key(inPath.get()));
    }
    Optional<String> given = request.header("authorization");
    if (given.isEmpty()) {
      return Future.succeededFuture(challenge());
    }
    return Credentials.parse(given.get())
        .map(credentials -> check(credentials, request.method()))
        .orElseGet(() -> Future.succeededFuture(failure()));
  }

  private Future<Found> check(Credentials credentials, String method) {
    return switch (credentials) {
      case Credentials.Basic basic -> Future.succeededFuture(key(basic.password()));
      case Credentials.Digest digest ->
          peer.keyOf(digest.user())
              .map(
                  known ->
                      known
                          .filter(right -> digest.isRight(method, right, nonce))
                          .<Found>map(Key::new)
                          .orElseGet(this::failure));
    };
  }

  private static Key key(String text) {
    if (text.isEmpty() || text.length() > MAX_KEY_CHARS) {
      throw new HalcyonException(ErrorCode.UNKNOWN_STREAM_KEY, "no stream has this key");
    }
    return new Key(text);
  }

  private Challenge failure() {
    Challenge again = challenge();
    return ++failures < MAX_FAILURES ? again : new Challenge(again.answer().ending());
  }

  private Challenge challenge() {
    return new Challenge(
        RtspResponse.of(401, "Unauthorized")
            .with(
                "WWW-Authenticate",
                "Digest realm=\"%s\", nonce=\"%s\", algorithm=MD5"
                    .formatted(Credentials.REALM, nonce),
                "Basic realm=\"%s\"".formatted(Credentials.REALM)));
  }
}
