package dev.halcyon.verticles.page;

import static dev.halcyon.verticles.page.Page.id;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What one tab shows of a stream, read in the page; and the server's word on it, asked there. */
final class StreamPage {
  /** The card of a clip that is complete. */
  static final String SEALED_CARD = id("clip-card") + "[data-status=sealed]";

  private static final String CARDS = "[...document.querySelectorAll('" + id("clip-card") + "')]";

  private final Page page;

  StreamPage(Page page) {
    this.page = page;
  }

  static String cardOf(String clipId) {
    return id("clip-card") + "[data-clip-id=\"" + clipId + "\"]";
  }

  /** The clips' ids, newest first. */
  List<String> clips() {
    JsonArray ids = (JsonArray) page.evaluate(CARDS + ".map((card) => card.dataset.clipId)");
    return ids.stream().map(String.class::cast).toList();
  }

  /** Waits until {@code count} complete clips were made by hand; the newest of them. */
  String awaitManualClips(int count) {
    String manual =
        CARDS
            + """
            .filter((card) => card.dataset.status === 'sealed'
              && card.querySelector('[data-testid="clip-reason"]').textContent === 'Clipped by hand')
            """;
    page.waitUntil(count + " clips by hand", manual + ".length === " + count);
    return (String) page.evaluate(manual + "[0].dataset.clipId");
  }

  /** Waits until the newest clip's card has a status; the clip's id. */
  String awaitCard(String status) {
    page.waitUntil(
        "the newest clip is " + status, CARDS + "[0]?.dataset.status === '" + status + "'");
    return (String) page.evaluate(CARDS + "[0].dataset.clipId");
  }

  /** Stream time at which what is held ends. */
  long heldToUs() {
    return ask("GET", "/api/streams/" + streamId() + "/health", null)
        .getJsonObject("ring")
        .getLong("to_us");
  }

  private String streamId() {
    return (String) page.evaluate("location.hash.split('/')[2]");
  }

  /** Waits until the text of a part fits a pattern. */
  void awaitText(String testId, String pattern) {
    page.waitUntil(
        testId + " reads " + pattern,
        "/^" + pattern + "$/.test(document.querySelector('" + id(testId) + "')?.textContent)");
  }

  /**
   * Waits until the curve holds so many.
   *
   * @param what {@code levels} or {@code signals}
   */
  void awaitOnCurve(String what, int count) {
    page.waitUntil(
        count + " " + what + " on the curve",
        "document.querySelector('" + id("sparkline") + "')?.dataset." + what + " >= " + count);
  }

  /** What a reader sees for a moment only is noted in the page from now on. */
  void noteStatuses() {
    page.evaluate(
        """
        window.statusesOfClips = {};
        new MutationObserver(() => {
          for (const { dataset } of document.querySelectorAll('[data-testid="clip-card"]')) {
            const seen = (window.statusesOfClips[dataset.clipId] ??= []);
            if (seen.at(-1) !== dataset.status) seen.push(dataset.status);
          }
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
        """);
  }

  /** The statuses that a clip's card had, in order, since {@link #noteStatuses}. */
  List<Object> notedStatuses(String clipId) {
    JsonArray seen = (JsonArray) page.evaluate("window.statusesOfClips['" + clipId + "']");
    return seen.stream().toList();
  }

  JsonObject clip(String clipId) {
    return ask("GET", "/api/clips/" + clipId, null);
  }

  JsonObject contract(String clipId) {
    return clip(clipId).getJsonArray("versions").getJsonObject(0).getJsonObject("contract");
  }

  long deliveredUs(String clipId) {
    JsonObject contract = contract(clipId);
    return contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
  }

  /** Asks for a clip of the stream whose page this is. */
  void requestClip(long fromUs, long toUs) {
    ask(
        "POST",
        "/api/streams/" + streamId() + "/clips",
        new JsonObject().put("from_us", fromUs).put("to_us", toUs));
  }

  /** The address of a page that shows the clip to anybody. */
  String shareClip(String clipId) {
    return ask("POST", "/api/clips/" + clipId + "/share", new JsonObject()).getString("page_url");
  }

  /** Calls the API as the page does, with its session. */
  private JsonObject ask(String method, String path, JsonObject body) {
    return (JsonObject)
        page.evaluate(
            """
            (async () => {
              const { accessToken } = JSON.parse(localStorage['halcyon.session']);
              const headers = {
                Authorization: `Bearer ${accessToken}`,
                'Content-Type': 'application/json',
              };
              const answer = await fetch('%s', { method: '%s', headers, body: %s });
              return answer.json();
            })()
            """
                .formatted(path, method, body == null ? "undefined" : "'" + body.encode() + "'"));
  }
}
