package dev.halcyon.verticles.page;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * A connection to a browser over the Chrome DevTools Protocol: numbered calls, their answers, and
 * events by session. Calls come from one thread; events arrive on the connection's own.
 */
final class DevTools implements AutoCloseable, WebSocket.Listener {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long CALL_TIMEOUT_S = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger lastId = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonObject>> listeners = new ConcurrentHashMap<>();
  private final StringBuilder partial = new StringBuilder();
  private final WebSocket socket;

  /** The browser refused a call. */
  static final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    CallFailed(String method, String message) {
      super(method + ": " + message);
    }

    /** The document that the call was about has been left meanwhile. */
    boolean isOfALeftDocument() {
      String text = getMessage();
      return text.contains("navigated or closed")
          || text.contains("context was destroyed")
          || text.contains("Cannot find context");
    }
  }

  DevTools(URI address) {
    socket =
        http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT).buildAsync(address, this).join();
  }

  /** Calls the browser itself. */
  JsonObject call(String method, JsonObject params) {
    return send(method, new JsonObject().put("method", method).put("params", params));
  }

  /** Calls one attached target. */
  JsonObject call(String sessionId, String method, JsonObject params) {
    return send(
        method,
        new JsonObject().put("method", method).put("params", params).put("sessionId", sessionId));
  }

  /**
   * @param listener takes an event's name and parameters, on the connection's thread
   */
  void listen(String sessionId, BiConsumer<String, JsonObject> listener) {
    listeners.put(sessionId, listener);
  }

  private JsonObject send(String method, JsonObject request) {
    int id = lastId.incrementAndGet();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    pending.put(id, answer);
    socket.sendText(request.put("id", id).encode(), true).join();
    JsonObject message;
    try {
      message = answer.get(CALL_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method, interrupted);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("the browser did not answer " + method, failure);
    } finally {
      pending.remove(id);
    }
    if (message.containsKey("error")) {
      throw new CallFailed(method, message.getJsonObject("error").getString("message"));
    }
    return message.getJsonObject("result");
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean isLast) {
    partial.append(part);
    if (isLast) {
      JsonObject message = new JsonObject(partial.toString());
      partial.setLength(0);
      onMessage(message);
    }
    webSocket.request(1);
    return null;
  }

  private void onMessage(JsonObject message) {
    Integer id = message.getInteger("id");
    if (id == null) {
      BiConsumer<String, JsonObject> listener = listeners.get(message.getString("sessionId", ""));
      if (listener != null) {
        listener.accept(message.getString("method"), message.getJsonObject("params"));
      }
    } else {
      CompletableFuture<JsonObject> answer = pending.get(id);
      if (answer != null) {
        answer.complete(message);
      }
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
    fail(new IllegalStateException("the browser closed the connection: " + status));
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable failure) {
    fail(failure);
  }

  private void fail(Throwable failure) {
    pending.values().forEach(answer -> answer.completeExceptionally(failure));
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
