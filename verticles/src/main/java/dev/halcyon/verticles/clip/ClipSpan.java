package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.AskedWindow;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.cut.CutRequest;

/**
 * What of its stream a clip is made of, as it was asked for.
 *
 * @param crossing what to do with a window over several epochs
 * @param reconnectWaitUs how long the window waits for a publisher that was lost
 */
record ClipSpan(ResolvedWindow window, Crossing crossing, long reconnectWaitUs) {
  /**
   * Of a clip that an earlier run of the node left open.
   *
   * @param held what of the clip's own window is still there
   */
  static ClipSpan resumed(Clip clip, ResolvedWindow held, Crossing crossing, long reconnectWaitUs) {
    ResolvedWindow window =
        clip.asked()
            .map(
                asked ->
                    new ResolvedWindow(
                        held.epochs(),
                        asked.fromUs(),
                        asked.toUs(),
                        held.fromUs(),
                        clip.endUs(),
                        held.isClamped()
                            || asked.fromUs() != clip.startUs()
                            || asked.toUs() != clip.endUs()))
            .orElse(held);
    return new ClipSpan(window, crossing, reconnectWaitUs);
  }

  /** What a clip's row keeps of it. */
  AskedWindow asked() {
    return new AskedWindow(window.requestedFromUs(), window.requestedToUs(), crossing);
  }

  /**
   * What to cut. The window was promised when it was opened: what is gone by now is clamped.
   *
   * @param endUs of the window by now
   */
  CutRequest cutRequest(long endUs) {
    boolean isExtended = endUs != window.toUs();
    return new CutRequest(
        window.requestedFromUs(),
        isExtended ? endUs : window.requestedToUs(),
        window.fromUs(),
        endUs,
        window.epochs(),
        CutRequest.Outside.CLAMP,
        crossing);
  }

  /**
   * What is left of it from an epoch on.
   *
   * @param fromUs where that epoch begins
   * @param endUs of the window, which has closed
   */
  ClipSpan rest(int epoch, long fromUs, long endUs) {
    CutRequest whole = cutRequest(endUs);
    ResolvedWindow rest =
        new ResolvedWindow(
            EpochSpan.from(epoch),
            whole.requestedFromUs(),
            whole.requestedToUs(),
            Math.min(fromUs, endUs - 1),
            endUs,
            true);
    return new ClipSpan(rest, crossing, 0);
  }
}
