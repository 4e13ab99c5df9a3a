package dev.halcyon.core.inference;

/** Why a request that had been taken is not computed after all. */
public enum Drop {
  /** Its deadline went by. */
  LATE,
  /** It gave way to lasting work. */
  SHED,
  /** The queue was closed. */
  CLOSED
}
