package dev.halcyon.verticles.blob.s3;

import static dev.halcyon.verticles.store.SharedDatabase.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Stands between a node and the S3 server on loopback, sees what is asked, and does harm. */
public final class S3Wire implements AutoCloseable {
  private static final String BAD_DIGEST =
      "<Error><Code>BadDigest</Code><Message>changed on its way</Message></Error>";

  /** With HTTP/2 there is no Host, which is signed. */
  private static final HttpServerOptions OPTIONS =
      new HttpServerOptions().setHttp2ClearTextEnabled(false);

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final HttpServer server;
  private final int target;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Predicate<Asked> isHarmed = request -> false;
  private volatile Harm harm = new Harm.Answer(500, "InternalError");
  private final AtomicInteger left = new AtomicInteger();

  /** A request as it came. */
  public record Asked(HttpMethod method, String path, String query, Map<String, String> headers) {
    boolean is(HttpMethod wanted) {
      return method.equals(wanted);
    }

    /** Of a part of a file. */
    boolean isPart() {
      return is(HttpMethod.PUT) && query.contains("partNumber=");
    }
  }

  /** What happens to a request. */
  public sealed interface Harm {
    record Answer(int status, String code) implements Harm {}

    /** The connection is cut when so much of the body has come. */
    record CutBody(int bytes) implements Harm {}

    /** The connection is cut when so much of the answer has gone. */
    record CutAnswer(int bytes) implements Harm {}

    /** A bit of the body is turned. */
    record Flip() implements Harm {}

    /** Nothing ever comes back. */
    record Silence() implements Harm {}

    record Refuse() implements Harm {}
  }

  public S3Wire(S3Server s3) {
    this.target = s3.port();
    this.server =
        await(
            vertx.createHttpServer(OPTIONS).requestHandler(this::onRequest).listen(0, "127.0.0.1"));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  /** Harms the next {@code times} requests of a kind. */
  public void harm(int times, Harm how, Predicate<Asked> which) {
    left.set(0);
    isHarmed = which;
    harm = how;
    left.set(times);
  }

  /** As when the store is down. */
  public void down() {
    harm(Integer.MAX_VALUE, new Harm.Refuse(), any -> true);
  }

  public void up() {
    left.set(0);
  }

  /** How many requests are still to be harmed. */
  public int harmLeft() {
    return left.get();
  }

  public List<Asked> asked(Predicate<Asked> which) {
    return asked.stream().filter(which).toList();
  }

  public void forget() {
    asked.clear();
  }

  private void onRequest(HttpServerRequest request) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach(headers::put);
    String query = request.query() == null ? "" : request.query();
    Asked one = new Asked(request.method(), request.path(), query, headers);
    asked.add(one);
    boolean isUnlucky = isHarmed.test(one) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    if (!isUnlucky) {
      forward(request, Integer.MAX_VALUE, body -> body);
      return;
    }
    switch (harm) {
      case Harm.Answer(int status, String code) ->
          request
              .body()
              .onSuccess(
                  body ->
                      request
                          .response()
                          .setStatusCode(status)
                          .putHeader("Content-Type", "application/xml")
                          .end("<Error><Code>" + code + "</Code><Message>no</Message></Error>"));
      case Harm.CutBody(int bytes) -> cutBody(request, bytes);
      case Harm.CutAnswer(int bytes) -> forward(request, bytes, body -> body);
      case Harm.Flip() ->
          forward(
              request,
              Integer.MAX_VALUE,
              body -> {
                Buffer turned = body.copy();
                turned.setByte(body.length() / 2, (byte) (body.getByte(body.length() / 2) ^ 1));
                return turned;
              });
      case Harm.Silence() -> request.resume();
      case Harm.Refuse() -> request.connection().close();
    }
  }

  private static void cutBody(HttpServerRequest request, int bytes) {
    AtomicInteger come = new AtomicInteger();
    request.handler(
        chunk -> {
          if (come.addAndGet(chunk.length()) >= bytes) {
            request.connection().close();
          }
        });
  }

  private void forward(HttpServerRequest request, int answerBytes, UnaryOperator<Buffer> change) {
    request
        .body()
        .map(change)
        .compose(
            body ->
                isAsSummed(request, body)
                    ? onward(request, body)
                    : Future.failedFuture("the checksum is another"))
        .onSuccess(answer -> giveBack(request, answer, answerBytes))
        .onFailure(failure -> request.response().setStatusCode(400).end(BAD_DIGEST));
  }

  /** The server behind does not know this header yet: what S3 does about it is done here. */
  private static boolean isAsSummed(HttpServerRequest request, Buffer body) {
    String sum = request.getHeader("x-amz-checksum-sha256");
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes());
      return sum == null || sum.equals(Base64.getEncoder().encodeToString(digest));
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError(missing);
    }
  }

  private Future<HttpClientResponse> onward(HttpServerRequest request, Buffer body) {
    return client
        .request(
            new RequestOptions()
                .setMethod(request.method())
                .setHost("127.0.0.1")
                .setPort(target)
                .setURI(request.uri()))
        .compose(onward -> send(request, onward, body));
  }

  private static Future<HttpClientResponse> send(
      HttpServerRequest request, HttpClientRequest onward, Buffer body) {
    // Host is signed: it stays that of this wire.
    onward.headers().setAll(request.headers());
    return onward.send(body);
  }

  private static void giveBack(
      HttpServerRequest request, HttpClientResponse answer, int answerBytes) {
    request.response().setStatusCode(answer.statusCode()).headers().setAll(answer.headers());
    request.response().headers().remove("Transfer-Encoding");
    if (request.method().equals(HttpMethod.HEAD)) {
      request.response().end();
      return;
    }
    answer
        .body()
        .onSuccess(
            body -> {
              if (body.length() > answerBytes) {
                request
                    .response()
                    .write(body.getBuffer(0, answerBytes))
                    .onComplete(written -> request.connection().close());
              } else {
                request.response().end(body);
              }
            })
        .onFailure(failure -> request.connection().close());
  }

  @Override
  public void close() {
    await(server.close());
    await(vertx.close());
  }
}
