package dev.halcyon.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WorkspaceSlotsTest {
  @Test
  void nobodyHasMoreThanHisPartAndAPlaceIsGivenBackOnce() {
    WorkspaceSlots slots = new WorkspaceSlots(3, 2);
    UUID one = UUID.randomUUID();
    UUID other = UUID.randomUUID();
    List<WorkspaceSlots.Slot> held = new ArrayList<>();
    held.add(slots.take(one).orElseThrow());
    held.add(slots.take(one).orElseThrow());
    assertEquals(Optional.empty(), slots.take(one));
    held.add(slots.take(other).orElseThrow());
    assertEquals(Optional.empty(), slots.take(other));
    assertEquals(Optional.empty(), slots.take(UUID.randomUUID()));
    held.getFirst().close();
    held.getFirst().close();
    held.add(slots.take(other).orElseThrow());
    assertEquals(Optional.empty(), slots.take(one));
    held.forEach(WorkspaceSlots.Slot::close);
    assertTrue(slots.take(one).isPresent());
    assertTrue(slots.take(one).isPresent());
    assertTrue(slots.take(other).isPresent());
    assertEquals(Optional.empty(), slots.take(other));
  }

  @Test
  void aPartIsNoMoreThanTheWhole() {
    assertThrows(IllegalArgumentException.class, () -> new WorkspaceSlots(1, 2));
    assertThrows(IllegalArgumentException.class, () -> new WorkspaceSlots(1, 0));
  }
}
