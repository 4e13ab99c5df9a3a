package dev.halcyon.verticles.ingest.whip;

import java.security.SecureRandom;

/** By what one side of ICE is named, and proves that it was told so (RFC 8445, 5.3). */
record IceCredentials(String fragment, String password) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int FRAGMENT_CHARS = 12;
  private static final int PASSWORD_CHARS = 32;

  static IceCredentials create() {
    return new IceCredentials(random(FRAGMENT_CHARS), random(PASSWORD_CHARS));
  }

  private static String random(int chars) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < chars; i++) {
      text.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return "IceCredentials[fragment=" + fragment + "]";
  }
}
