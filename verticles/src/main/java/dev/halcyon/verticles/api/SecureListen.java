package dev.halcyon.verticles.api;

import io.vertx.core.net.KeyCertOptions;

/**
 * Where a server speaks TLS.
 *
 * @param port 0 for any free one
 * @param certificate what it shows
 */
public record SecureListen(String host, int port, KeyCertOptions certificate) {}
