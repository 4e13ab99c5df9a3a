package dev.halcyon.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoleTest {
  @Test
  void viewersOnlyRead() {
    assertTrue(Role.VIEWER.may(Permission.READ_STREAMS));
    assertTrue(Role.VIEWER.may(Permission.READ_CLIPS));
    assertFalse(Role.VIEWER.may(Permission.WRITE_STREAMS));
    assertFalse(Role.VIEWER.may(Permission.WRITE_CLIPS));
  }

  @Test
  void editorsWriteStreamsAndClips() {
    assertTrue(Role.EDITOR.may(Permission.WRITE_STREAMS));
    assertTrue(Role.EDITOR.may(Permission.WRITE_CLIPS));
  }

  @Test
  void readsBackItsWireName() {
    for (Role role : Role.values()) {
      assertEquals(role, Role.ofWire(role.wire()));
    }
  }
}
