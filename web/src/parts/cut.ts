import type { CutContract } from '../api/types';

/**
 * How many whole frames the presented pictures are away from the asked window, at both ends
 * together. A window is snapped to pictures, so an edge inside a frame is no frame off. Null where
 * the frame rate is not known or the window was shortened to what was held.
 */
export function framesOff(contract: CutContract, fps: number | undefined): number | null {
  if (!fps || fps <= 0 || contract.clamped) return null;
  // A tenth of a frame for a measured rate and rounded time stamps.
  const whole = (us: number) => Math.max(0, Math.floor((Math.abs(us) * fps) / 1e6 - 0.1));
  return (
    whole(contract.delivered_start_us - contract.requested_start_us) +
    whole(contract.delivered_end_us - contract.requested_end_us)
  );
}
