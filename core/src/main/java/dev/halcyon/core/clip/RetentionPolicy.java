package dev.halcyon.core.clip;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How long a workspace keeps its clips. Nothing is deleted unless the workspace asks for it.
 *
 * @param days clips older than this are deleted
 * @param maxBytes the oldest clips are deleted while all together have more
 * @param keepsApproved whether approved clips are kept whatever their age; their bytes count
 */
public record RetentionPolicy(OptionalInt days, OptionalLong maxBytes, boolean keepsApproved) {
  public static final RetentionPolicy KEEP_ALL =
      new RetentionPolicy(OptionalInt.empty(), OptionalLong.empty(), true);

  public boolean keepsAll() {
    return days.isEmpty() && maxBytes.isEmpty();
  }
}
