package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expectError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class WebAppTest {
  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void showsThePageAndLetsBrowsersKeepItsHashedFiles() {
    assumePage();
    HttpResponse<Buffer> page = get("/");
    assertEquals(200, page.statusCode());
    assertTrue(page.getHeader("Content-Type").startsWith("text/html"));
    assertEquals("no-cache", page.getHeader("Cache-Control"));
    assertTrue(page.getHeader("Content-Security-Policy").contains("default-src 'self'"));
    Matcher script = Pattern.compile("/assets/[^\"]+\\.js").matcher(page.bodyAsString());
    assertTrue(script.find(), page.bodyAsString());
    HttpResponse<Buffer> asset = get(script.group());
    assertEquals(200, asset.statusCode());
    assertTrue(asset.getHeader("Cache-Control").contains("immutable"));
    assertEquals(200, server.send(HttpMethod.HEAD, "/", Optional.empty()).statusCode());
  }

  @Test
  void showsThePageForItsOwnPaths() {
    assumePage();
    HttpResponse<Buffer> page = get("/streams/42");
    assertEquals(get("/").bodyAsString(), page.bodyAsString());
    assertEquals("no-cache", page.getHeader("Cache-Control"));
  }

  @Test
  void doesNotShowThePageForWhatIsMissing() {
    for (String path :
        new String[] {
          "/assets/none.js",
          "/none.png",
          "/ws/none",
          "/live/none",
          "/whip/none",
          "/..%2f..%2fetc/passwd.txt"
        }) {
      expectError(ErrorCode.NOT_FOUND, get(path));
    }
    expectError(ErrorCode.NOT_FOUND, server.send(HttpMethod.POST, "/", Optional.empty()));
    // What lies under /api is told to nobody but a caller.
    expectError(ErrorCode.UNAUTHORIZED, get("/api/none"));
  }

  private HttpResponse<Buffer> get(String path) {
    return server.get(path, Optional.empty());
  }

  private static void assumePage() {
    boolean isBuilt = WebAppTest.class.getClassLoader().getResource("webroot/index.html") != null;
    String reason = "the page is not built";
    if (!isBuilt) {
      System.out.println("skipped: " + reason);
    }
    assumeTrue(isBuilt, reason);
  }
}
