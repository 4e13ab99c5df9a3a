package dev.halcyon.core.inference;

/** What goes first when there is too much: passing work is shed before lasting work. */
public enum Importance {
  /** A picture between keyframes, a partial transcript: the next one makes up for it. */
  PASSING,
  /** A keyframe, the final words, a stretch of sound: nothing makes up for it. */
  LASTING
}
