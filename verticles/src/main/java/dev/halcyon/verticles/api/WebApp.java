package dev.halcyon.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.Optional;

/** The page, from the web module's files on the class path. */
final class WebApp {
  private static final String ROOT = "webroot";
  private static final String INDEX = "/index.html";

  /** Vite names the files below it by their content. */
  private static final String HASHED = "/assets/";

  private WebApp() {}

  /**
   * @param mediaOrigin from where pictures and clips may come as well, when requests for them are
   *     redirected
   */
  static void mount(Router router, Optional<String> mediaOrigin) {
    String policy = contentPolicy(mediaOrigin.map(origin -> " " + origin).orElse(""));
    page(router).handler(context -> headers(context, policy));
    page(router).handler(StaticHandler.create(ROOT).setCachingEnabled(false).setIndexPage(INDEX));
    page(router).handler(WebApp::showIndex);
  }

  private static String contentPolicy(String moreMedia) {
    return "default-src 'self'; img-src 'self' data: blob:"
        + moreMedia
        + "; media-src 'self' blob:"
        + moreMedia
        + "; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; object-src 'none';"
        + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
  }

  private static Route page(Router router) {
    return router.route().method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private static void headers(RoutingContext context, String policy) {
    boolean isHashed = context.normalizedPath().startsWith(HASHED);
    context
        .response()
        .putHeader("Content-Security-Policy", policy)
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
