package dev.halcyon.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/** The page, from the web module's files on the class path. */
final class WebApp {
  private static final String ROOT = "webroot";
  private static final String INDEX = "/index.html";

  /** Vite names the files below it by their content. */
  private static final String HASHED = "/assets/";

  private static final String CONTENT_POLICY =
      "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;"
          + " style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; object-src 'none';"
          + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  private WebApp() {}

  static void mount(Router router) {
    page(router).handler(WebApp::headers);
    page(router).handler(StaticHandler.create(ROOT).setCachingEnabled(false).setIndexPage(INDEX));
    page(router).handler(WebApp::showIndex);
  }

  private static Route page(Router router) {
    return router.route().method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void headers(RoutingContext context) {
    boolean isHashed = context.normalizedPath().startsWith(HASHED);
    context
        .response()
        .putHeader("Content-Security-Policy", CONTENT_POLICY)
        .putHeader(
            HttpHeaders.CACHE_CONTROL,
            isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    context.next();
  }

  /** A path of the page's own router shows the page; a missing file is missing. */
  private static void showIndex(RoutingContext context) {
    String path = context.normalizedPath();
    boolean looksLikeAFile = path.substring(path.lastIndexOf('/') + 1).contains(".");
    if (looksLikeAFile || path.startsWith(HASHED)) {
      context.fail(404);
    } else {
      context.reroute(INDEX);
    }
  }
}
