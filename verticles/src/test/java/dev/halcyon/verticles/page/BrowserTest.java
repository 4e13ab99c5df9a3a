package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The driver itself: what it must see, so that the tests of the page cannot pass blindly. */
class BrowserTest {
  private static final String DOCUMENT =
      """
      <!doctype html><link rel="icon" href="data:,">
      <input data-testid="field" oninput="document.title = this.value">
      <button data-testid="button" onclick="document.title = `clicked ${event.isTrusted}`">b</button>
      """;

  private HttpServer server;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean isThere = exchange.getRequestURI().getPath().equals("/");
          byte[] body = DOCUMENT.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(isThere ? 200 : 404, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void actsLikeAUserAndSeesEveryFault() throws IOException {
    try (Browser browser = Browser.start();
        Page page = browser.newPage()) {
      page.navigate(url);
      page.type(Page.id("field"), "typed “text”");
      assertEquals("typed “text”", page.evaluate("document.title"));
      page.click(Page.id("button"));
      assertEquals("clicked true", page.evaluate("document.title"));
      page.assertNoFaults();

      page.evaluate("fetch('/absent').then(() => true)");
      assertEquals("HTTP 404", page.faults().take("/absent").getFirst().text());
      page.evaluate("console.error('broken')");
      page.evaluate("void setTimeout(() => { throw new Error('thrown') })");
      page.evaluate("fetch('http://elsewhere.invalid/').catch(() => true)");
      page.evaluate("new Promise((go) => { new WebSocket('ws://far.invalid/').onclose = go; })");
      String seen = page.faults().all().toString();
      assertTrue(seen.contains("broken"), seen);
      assertTrue(seen.contains("Error: thrown"), seen);
      assertTrue(seen.contains("another machine, url=http://elsewhere.invalid/"), seen);
      assertTrue(seen.contains("another machine, url=ws://far.invalid/"), seen);
      assertThrows(AssertionError.class, page::assertNoFaults);
    }
  }

  @Test
  void waitsNoLongerThanItIsTold() throws IOException {
    try (Browser browser = Browser.start();
        Page page = browser.newPage()) {
      page.navigate(url);
      Duration patience = Duration.ofMillis(200);
      AssertionError late =
          assertThrows(AssertionError.class, () -> page.waitFor("#never", patience));
      assertTrue(late.getMessage().contains("#never is there"), late.getMessage());
      page.evaluate("void setTimeout(() => (document.title = 'later'), 100)");
      page.waitUntil("the title comes", "document.title === 'later'");
    }
  }
}
