package dev.halcyon.verticles.blob;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one stored file of a clip: {@code {workspace}/clips/{clip}/{uuid}.{extension}}. A key that
 * exists is well-formed: no other path can be spelled with it. Any thread.
 */
public record BlobKey(UUID workspaceId, UUID clipId, UUID fileId, String extension) {
  private static final String UUID_PATTERN =
      "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
  private static final Pattern EXTENSION = Pattern.compile("[a-z0-9]{1,8}");
  private static final Pattern TEXT =
      Pattern.compile(
          "(%1$s)/clips/(%1$s)/(%1$s)\\.(%2$s)".formatted(UUID_PATTERN, EXTENSION.pattern()));

  public BlobKey {
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(clipId, "clipId");
    Objects.requireNonNull(fileId, "fileId");
    if (!EXTENSION.matcher(extension).matches()) {
      throw new IllegalArgumentException("not a file extension [extension=" + extension + "]");
    }
  }

  /** A new name for a file of a clip. */
  public static BlobKey fresh(UUID workspaceId, UUID clipId, String extension) {
    return new BlobKey(workspaceId, clipId, UUID.randomUUID(), extension);
  }

  /**
   * Reads a stored key for a request of {@code workspaceId}.
   *
   * @throws HalcyonException NOT_FOUND when the key is malformed or another workspace's
   */
  public static BlobKey parse(UUID workspaceId, String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches() || !parts.group(1).equals(workspaceId.toString())) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "no such file");
    }
    return new BlobKey(
        workspaceId,
        UUID.fromString(parts.group(2)),
        UUID.fromString(parts.group(3)),
        parts.group(4));
  }

  /** The key that a store's name spells; empty when it is none. */
  public static Optional<BlobKey> read(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(parse(UUID.fromString(parts.group(1)), text))
        : Optional.empty();
  }

  /** The key as it is stored; {@link #parse} reads it. */
  public String text() {
    return workspaceId + "/clips/" + clipId + '/' + fileId + '.' + extension;
  }
}
