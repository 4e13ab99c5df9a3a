package dev.halcyon.verticles.api;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections beyond a number, so that idle ones do not use up the descriptors. One event
 * loop.
 */
final class ConnectionLimit implements Handler<HttpConnection> {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLimit.class);

  private final int most;
  private int open;
  private boolean isRefusing;

  ConnectionLimit(int most) {
    this.most = most;
  }

  @Override
  public void handle(HttpConnection connection) {
    open++;
    connection.closeHandler(closed -> onClosed());
    if (open > most) {
      if (!isRefusing) {
        isRefusing = true;
        log.warn("closing HTTP connections beyond http.max_connections [most={}]", most);
      }
      connection.close();
    }
  }

  /** Half must have gone before the log tells of the next refusal. */
  private void onClosed() {
    open--;
    if (open <= most / 2) {
      isRefusing = false;
    }
  }
}
