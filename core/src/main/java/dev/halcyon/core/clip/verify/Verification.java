package dev.halcyon.core.clip.verify;

import java.util.List;

/**
 * A file held against its contract.
 *
 * @param checks in the order in which they are best read; never empty
 */
public record Verification(List<ClipCheck> checks) {
  public Verification {
    checks = List.copyOf(checks);
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("a verification without a check");
    }
  }

  /** Whether the file keeps all that its contract says. */
  public boolean isOk() {
    return checks.stream().allMatch(ClipCheck::ok);
  }

  /** A file that should be there and is not. */
  public static Verification ofMissingFile() {
    return new Verification(List.of(ClipCheck.same("file", "present", "missing")));
  }
}
