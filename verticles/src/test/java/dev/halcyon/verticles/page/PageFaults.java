package dev.halcyon.verticles.page;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What goes wrong in a page where a test does not look: console errors, uncaught exceptions,
 * requests that fail or are refused, and any request to another machine. Fed by the connection's
 * thread, read by the test's.
 */
final class PageFaults {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost");
  private static final Set<String> NETWORK_SCHEMES = Set.of("http", "https", "ws", "wss");

  private final Map<String, String> urls = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param url of the request or script that it is about; empty when there is none
   */
  record Fault(String text, String url) {}

  synchronized void onEvent(String event, JsonObject params) {
    switch (event) {
      case "Network.requestWillBeSent" ->
          onRequest(
              params.getString("requestId"), params.getJsonObject("request").getString("url"));
      case "Network.webSocketCreated" ->
          onRequest(params.getString("requestId"), params.getString("url"));
      case "Network.responseReceived" -> onResponse(params.getJsonObject("response"));
      case "Network.loadingFailed" -> onLoadingFailed(params);
      case "Network.webSocketFrameError" ->
          add(params.getString("errorMessage"), urlOf(params.getString("requestId")));
      case "Runtime.exceptionThrown" -> onException(params.getJsonObject("exceptionDetails"));
      case "Runtime.consoleAPICalled" -> onConsole(params);
      case "Log.entryAdded" -> onLog(params.getJsonObject("entry"));
      default -> {}
    }
  }

  /** Takes those about URLs that contain {@code part} out of the list: they were expected. */
  synchronized List<Fault> take(String part) {
    List<Fault> taken = faults.stream().filter(fault -> fault.url().contains(part)).toList();
    faults.removeAll(taken);
    return taken;
  }

  /** All others, each once. */
  synchronized List<Fault> all() {
    return faults.stream().distinct().toList();
  }

  private void onRequest(String requestId, String url) {
    urls.put(requestId, url);
    String scheme = url.substring(0, Math.max(0, url.indexOf(':')));
    if (NETWORK_SCHEMES.contains(scheme) && !THIS_MACHINE.contains(URI.create(url).getHost())) {
      add("request to another machine", url);
    }
  }

  private void onResponse(JsonObject response) {
    if (response.getInteger("status") >= 400) {
      add("HTTP " + response.getInteger("status"), response.getString("url"));
    }
  }

  private void onLoadingFailed(JsonObject params) {
    // A player that seeks gives up its transfers, and so does a page that is left.
    if (!params.getBoolean("canceled", false)) {
      add(params.getString("errorText"), urlOf(params.getString("requestId")));
    }
  }

  private void onException(JsonObject details) {
    JsonObject exception = details.getJsonObject("exception", new JsonObject());
    add(
        "uncaught: " + exception.getString("description", details.getString("text")),
        details.getString("url", ""));
  }

  private void onConsole(JsonObject params) {
    String type = params.getString("type");
    if (type.equals("error") || type.equals("assert")) {
      JsonArray arguments = params.getJsonArray("args");
      add("console: " + arguments.encode(), "");
    }
  }

  private void onLog(JsonObject entry) {
    if (entry.getString("level").equals("error")) {
      add("log: " + entry.getString("text"), entry.getString("url", ""));
    }
  }

  private String urlOf(String requestId) {
    return urls.getOrDefault(requestId, "");
  }

  private void add(String text, String url) {
    faults.add(new Fault(text, url));
  }
}
