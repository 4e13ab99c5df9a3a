import type { CutContract } from '../api/types';

/**
 * How many frames the presented pictures are away from the asked window, at both ends together, as
 * the contract counts them; an older contract does not, and the frame rate has to do. A window is
 * snapped to pictures, so an edge inside a frame is no frame off. Null where neither is known, or
 * the window was shortened to what was held.
 */
export function framesOff(contract: CutContract, fps: number | undefined): number | null {
  if (contract.clamped) return null;
  const { requested_start_frame: fromFrame, requested_end_frame: toFrame } = contract;
  if (fromFrame != null && toFrame != null) {
    return (
      Math.abs((contract.delivered_start_frame ?? 0) - fromFrame) +
      Math.abs((contract.delivered_end_frame ?? 0) - toFrame)
    );
  }
  if (!fps || fps <= 0) return null;
  // A tenth of a frame for a measured rate and rounded time stamps.
  const whole = (us: number) => Math.max(0, Math.floor((Math.abs(us) * fps) / 1e6 - 0.1));
  return (
    whole(contract.delivered_start_us - contract.requested_start_us) +
    whole(contract.delivered_end_us - contract.requested_end_us)
  );
}
