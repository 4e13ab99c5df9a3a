package dev.halcyon.verticles.realtime;

/** What becomes of a message when its listener is slow. */
enum Urgency {
  /** It waits its turn. */
  KEPT,
  /** It is left out: the next one makes up for it. */
  DROPPABLE
}
