package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * One tab. Parts of the page are named by CSS selectors; {@link #id} makes one of a {@code
 * data-testid}. Clicks and keys are real input events at the place where the part is. Used by one
 * thread.
 */
final class Page implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int MAX_MISSES = 5;

  static final int WIDTH_PX = 1280;
  static final int HEIGHT_PX = 900;

  private final DevTools tools;
  private final String contextId;
  private final String sessionId;
  private final PageFaults faults = new PageFaults();

  Page(DevTools tools, String contextId) {
    this.tools = tools;
    this.contextId = contextId;
    String targetId =
        tools
            .call(
                "Target.createTarget",
                new JsonObject().put("url", "about:blank").put("browserContextId", contextId))
            .getString("targetId");
    sessionId =
        tools
            .call(
                "Target.attachToTarget",
                new JsonObject().put("targetId", targetId).put("flatten", true))
            .getString("sessionId");
    tools.listen(sessionId, faults::onEvent);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", new JsonObject());
    }
    call(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", WIDTH_PX)
            .put("height", HEIGHT_PX)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  /** The selector of the part with this {@code data-testid}. */
  static String id(String testId) {
    return "[data-testid=\"" + testId + "\"]";
  }

  /** Runs a script in every document before the document's own. */
  void beforeEachDocument(String script) {
    call("Page.addScriptToEvaluateOnNewDocument", new JsonObject().put("source", script));
  }

  void navigate(String url) {
    JsonObject answer = call("Page.navigate", new JsonObject().put("url", url));
    assertFalse(answer.containsKey("errorText"), () -> url + ": " + answer.encode());
    waitUntil("the document is loaded", "document.readyState === 'complete'");
  }

  void reload() {
    evaluate("void (window.isOfBeforeTheReload = true)");
    call("Page.reload", new JsonObject());
    waitUntil(
        "the document is loaded again",
        "!window.isOfBeforeTheReload && document.readyState === 'complete'");
  }

  /**
   * The value of an expression, awaited when it is a promise: a String, Boolean, Number,
   * JsonObject, JsonArray, or null.
   */
  Object evaluate(String expression) {
    JsonObject answer =
        call(
            "Runtime.evaluate",
            new JsonObject()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true)
                .put("userGesture", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + "\n" + answer.getJsonObject("exceptionDetails"));
    }
    return answer.getJsonObject("result").getValue("value");
  }

  String text(String selector) {
    waitFor(selector);
    return (String) evaluate("document.querySelector(" + quoted(selector) + ").textContent.trim()");
  }

  String attribute(String selector, String name) {
    waitFor(selector);
    return (String)
        evaluate(
            "document.querySelector(" + quoted(selector) + ").getAttribute(" + quoted(name) + ")");
  }

  /** What a field holds. */
  String value(String selector) {
    waitFor(selector);
    return (String) evaluate("document.querySelector(" + quoted(selector) + ").value");
  }

  void waitFor(String selector) {
    waitFor(selector, PATIENCE);
  }

  void waitFor(String selector, Duration patience) {
    waitUntil(
        selector + " is there", "!!document.querySelector(" + quoted(selector) + ")", patience);
  }

  Object waitUntil(String what, String expression) {
    return waitUntil(what, expression, PATIENCE);
  }

  /**
   * Waits in the page until an expression is true; its value then.
   *
   * @param expression may be a promise; looked at every 25 ms
   */
  Object waitUntil(String what, String expression, Duration patience) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    for (; ; ) {
      long leftMs = Math.max(0, (deadlineNs - System.nanoTime()) / 1_000_000);
      try {
        Object value = evaluate(polling(expression, leftMs));
        if (value != null) {
          return value;
        }
        throw new AssertionError("not in time: " + what + "\n" + describe());
      } catch (DevTools.CallFailed failure) {
        if (!failure.isOfALeftDocument() || leftMs == 0) {
          throw failure;
        }
      }
    }
  }

  private static String polling(String expression, long forMs) {
    return """
    (async () => {
      const untilMs = performance.now() + %d;
      for (;;) {
        const value = await (%s);
        if (value) return value;
        if (performance.now() >= untilMs) return null;
        await new Promise((go) => setTimeout(go, 25));
      }
    })()
    """
        .formatted(forMs, expression);
  }

  /** Waits until the part can be hit, then clicks it. */
  void click(String selector) {
    String reach = "(" + REACH + ")(" + quoted(selector) + ")";
    for (int attempt = 0; attempt < MAX_MISSES; attempt++) {
      JsonObject at = (JsonObject) waitUntil(selector + " can be clicked", reach);
      mouse("mouseMoved", at, 0);
      mouse("mousePressed", at, 1);
      mouse("mouseReleased", at, 1);
      // The page may have moved under the pointer: as a person would, try again.
      if (evaluate("window.wasHit !== false").equals(true)) {
        return;
      }
    }
    throw new AssertionError(selector + " is missed by every click\n" + describe());
  }

  /** The middle of a part that is enabled, at rest and not covered by another; else null. */
  private static final String REACH =
      """
      async (selector) => {
        const part = document.querySelector(selector);
        if (!part || part.disabled) return null;
        part.scrollIntoView({ block: 'center', behavior: 'instant' });
        const middle = () => {
          const box = part.getBoundingClientRect();
          return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
        };
        const before = middle();
        await new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)));
        const { x, y } = middle();
        if (x !== before.x || y !== before.y) return null;
        if (!part.contains(document.elementFromPoint(x, y))) return null;
        window.wasHit = false;
        part.addEventListener('click', () => (window.wasHit = true), { once: true, capture: true });
        return { x, y };
      }
      """;

  /**
   * Moves the pointer onto a part.
   *
   * @param share how far from its left, 0 to 1, at half its height
   */
  void hover(String selector, double share) {
    JsonObject box =
        (JsonObject)
            evaluate(
                "(() => { const part = document.querySelector("
                    + quoted(selector)
                    + "); part.scrollIntoView({ block: 'center', behavior: 'instant' });"
                    + " const { left, top, width, height } = part.getBoundingClientRect();"
                    + " return { left, top, width, height }; })()");
    JsonObject at =
        new JsonObject()
            .put("x", number(box, "left") + share * number(box, "width"))
            .put("y", number(box, "top") + number(box, "height") / 2);
    mouse("mouseMoved", at, 0);
  }

  private static double number(JsonObject of, String name) {
    return of.getNumber(name).doubleValue();
  }

  private void mouse(String type, JsonObject at, int clicks) {
    call(
        "Input.dispatchMouseEvent",
        at.copy()
            .put("type", type)
            .put("button", clicks > 0 ? "left" : "none")
            .put("clickCount", clicks));
  }

  /** Replaces what a text field holds, as typing does. */
  void type(String selector, String text) {
    click(selector);
    evaluate("document.querySelector(" + quoted(selector) + ").select()");
    call("Input.insertText", new JsonObject().put("text", text));
    assertEquals(text, evaluate("document.querySelector(" + quoted(selector) + ").value"));
  }

  void screenshot(Path file) throws IOException {
    JsonObject picture = call("Page.captureScreenshot", new JsonObject().put("format", "png"));
    Files.write(file, Base64.getDecoder().decode(picture.getString("data")));
  }

  PageFaults faults() {
    return faults;
  }

  void assertNoFaults() {
    assertEquals(List.of(), faults.all());
  }

  private String describe() {
    return "at "
        + evaluate("location.href")
        + " with\n"
        + evaluate("document.body.innerText.slice(0, 4000)")
        + "\n"
        + faults.all();
  }

  private JsonObject call(String method, JsonObject params) {
    return tools.call(sessionId, method, params);
  }

  private static String quoted(String text) {
    return Json.encode(text);
  }

  /** Closes the tab and forgets its storage. */
  @Override
  public void close() {
    tools.call("Target.disposeBrowserContext", new JsonObject().put("browserContextId", contextId));
  }
}
