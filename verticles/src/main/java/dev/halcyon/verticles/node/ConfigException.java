package dev.halcyon.verticles.node;

/** The configuration is wrong; the message names the key and is meant for the operator. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConfigException(String message) {
    super(message);
  }

  ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
