import type { RecordedRange } from '../api/types';
import type { TimeRange } from './drawLoudness';

/** What a click marks around the moment that it meets. */
const CLICKED_US = 30e6;
/** Less is not a drag. */
const SHORTEST_US = 1e6;

/** The window that a drag marks, inside of the one range that it began in; a click marks 30 s. */
export function markedRange(
  ranges: RecordedRange[],
  dragFromUs: number,
  dragToUs: number,
): TimeRange | null {
  const range = nearest(ranges, dragFromUs);
  if (!range) return null;
  const isClick = Math.abs(dragToUs - dragFromUs) < SHORTEST_US;
  const [fromUs, toUs] = isClick
    ? [dragFromUs - CLICKED_US / 2, dragFromUs + CLICKED_US / 2]
    : [Math.min(dragFromUs, dragToUs), Math.max(dragFromUs, dragToUs)];
  const inside = (us: number) => Math.round(Math.min(range.to_us, Math.max(range.from_us, us)));
  return { fromUs: inside(fromUs), toUs: inside(toUs) };
}

function nearest(ranges: RecordedRange[], atUs: number): RecordedRange | undefined {
  const away = (range: RecordedRange) => Math.max(range.from_us - atUs, atUs - range.to_us, 0);
  return [...ranges].sort((a, b) => away(a) - away(b))[0];
}

/** A signed address, for one range. */
export function rangeUrl(signedUrl: string, fromUs: number, toUs: number): string {
  return `${signedUrl}&from_us=${fromUs}&to_us=${toUs}`;
}
