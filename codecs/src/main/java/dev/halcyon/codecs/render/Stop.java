package dev.halcyon.codecs.render;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;

/** Whether a render is to end before it is done: asked between pictures. Any thread. */
class Stop {
  private volatile boolean isAsked;

  void ask() {
    isAsked = true;
  }

  /**
   * @throws HalcyonException CANCELLED when it is, or when the thread was interrupted
   */
  void check() {
    if (isAsked || Thread.currentThread().isInterrupted()) {
      throw new HalcyonException(ErrorCode.CANCELLED, "the render was stopped");
    }
  }
}
