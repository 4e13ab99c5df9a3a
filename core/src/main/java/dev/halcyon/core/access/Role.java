package dev.halcyon.core.access;

import java.util.Locale;

/** What a member is in a workspace. */
public enum Role {
  VIEWER,
  EDITOR,
  ADMIN,
  OWNER;

  public boolean may(Permission permission) {
    return switch (permission) {
      case READ_STREAMS, READ_CLIPS, READ_JOBS -> true;
      case WRITE_STREAMS, WRITE_CLIPS, WRITE_JOBS -> this != VIEWER;
      case MANAGE_WORKSPACE -> this == OWNER;
    };
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when there is no such role
   */
  public static Role ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
