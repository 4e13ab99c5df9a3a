package dev.halcyon.verticles.access;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.access.Role;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.time.Instant;
import java.util.UUID;

/**
 * Who makes a request, as its access token says.
 *
 * @param expiresAt until when the token is valid
 */
public record Caller(UUID userId, UUID workspaceId, Role role, Instant expiresAt) {
  /**
   * @throws HalcyonException FORBIDDEN when the caller's role does not permit it
   */
  public void require(Permission permission) {
    if (!role.may(permission)) {
      throw new HalcyonException(
          ErrorCode.FORBIDDEN, "the role " + role.wire() + " does not permit this");
    }
  }
}
