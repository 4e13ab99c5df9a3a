package dev.halcyon.verticles.ingest;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a server of the operator's whether somebody who has the right key may publish. The question
 * is signed, so that the server can believe it:
 *
 * <pre>
 *   POST url
 *   X-Halcyon-Timestamp: seconds since the Unix epoch
 *   X-Halcyon-Signature: sha256=HMAC-SHA256(secret, timestamp + "." + body), in hexadecimal digits
 *
 *   {"event":"publish","stream_id":…,"workspace_id":…,"protocol":"rtmp","remote_address":…}
 * </pre>
 *
 * Any thread; closed by the node.
 */
public final class PublishHook implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PublishHook.class);
  private static final int CONNECTIONS = 16;
  private static final int MAX_WAITING = 256;

  private final HttpClient client;
  private final Options options;
  private final Clock clock;

  /**
   * @param url http or https
   * @param timeout whoever is not answered by then may not publish
   */
  public record Options(String url, String secret, Duration timeout) {
    @Override
    public String toString() {
      return "Options[url=" + url + "]";
    }
  }

  public PublishHook(Vertx vertx, Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) options.timeout().toMillis()),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING));
  }

  /**
   * @return fails with FORBIDDEN when the answer is no, with OVERLOADED when there is none
   */
  public Future<Void> ask(UUID streamId, UUID workspaceId, PublishRequest request) {
    Buffer body =
        new JsonObject()
            .put("event", "publish")
            .put("stream_id", streamId.toString())
            .put("workspace_id", workspaceId.toString())
            .put("protocol", request.protocol())
            .put("remote_address", request.remoteAddress())
            .toBuffer();
    String timestamp = String.valueOf(clock.now().getEpochSecond());
    RequestOptions post =
        new RequestOptions()
            .setAbsoluteURI(options.url())
            .setMethod(HttpMethod.POST)
            .setFollowRedirects(false)
            .setTimeout(options.timeout().toMillis())
            .putHeader("Content-Type", "application/json")
            .putHeader("X-Halcyon-Timestamp", timestamp)
            .putHeader("X-Halcyon-Signature", "sha256=" + signature(timestamp, body));
    return client
        .request(post)
        .compose(sending -> status(sending, body))
        .timeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .recover(away -> noAnswer(away.toString()))
        .compose(status -> judged(streamId, status));
  }

  /** A request that is not answered in time gives its connection back: there are few. */
  private Future<Integer> status(HttpClientRequest sending, Buffer body) {
    return sending
        .send(body)
        .compose(answer -> answer.end().map(ended -> answer.statusCode()))
        .timeout(options.timeout().toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(away -> sending.reset());
  }

  private static Future<Void> judged(UUID streamId, int status) {
    return switch (status / 100) {
      case 2 -> Future.succeededFuture();
      case 4 -> {
        log.info("publish hook refused a publisher [stream={}, status={}]", streamId, status);
        yield Future.failedFuture(
            new HalcyonException(ErrorCode.FORBIDDEN, "this publisher is not let in"));
      }
      default -> noAnswer("status " + status);
    };
  }

  private static <T> Future<T> noAnswer(String why) {
    log.warn("publish hook does not answer: {}", why);
    return Future.failedFuture(
        new HalcyonException(ErrorCode.OVERLOADED, "publishing cannot be checked now; try again"));
  }

  private String signature(String timestamp, Buffer body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(options.secret().getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      mac.update((timestamp + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has HmacSHA256", impossible);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
