import { describe, expect, it } from 'vitest';
import type { RecordedRange } from '../src/api/types';
import { markedRange, rangeUrl } from '../src/stream/recorded';

const range = (fromS: number, toS: number): RecordedRange => ({
  epoch: 0,
  session_id: '',
  from_us: fromS * 1e6,
  to_us: toS * 1e6,
  from: '',
  to: '',
});
const RANGES = [range(10, 100), range(120, 3_600)];

describe('a window marked on what is recorded', () => {
  it('is what was dragged over, either way', () => {
    expect(markedRange(RANGES, 20e6, 35e6)).toEqual({ fromUs: 20e6, toUs: 35e6 });
    expect(markedRange(RANGES, 35e6, 20e6)).toEqual({ fromUs: 20e6, toUs: 35e6 });
  });
  it('is 30 s around a click', () => {
    expect(markedRange(RANGES, 200e6, 200.4e6)).toEqual({ fromUs: 185e6, toUs: 215e6 });
  });
  it('stays inside of the range that it began in', () => {
    expect(markedRange(RANGES, 90e6, 130e6)).toEqual({ fromUs: 90e6, toUs: 100e6 });
    expect(markedRange(RANGES, 12e6, 12e6)).toEqual({ fromUs: 10e6, toUs: 27e6 });
  });
  it('is of the nearest range when it began in a gap', () => {
    expect(markedRange(RANGES, 118e6, 140e6)).toEqual({ fromUs: 120e6, toUs: 140e6 });
  });
  it('is none of nothing', () => {
    expect(markedRange([], 0, 10e6)).toBeNull();
  });
});

describe('the address of a range', () => {
  it('keeps the signature', () => {
    expect(rangeUrl('/m.mp4?exp=1&sig=a', 5, 9)).toBe('/m.mp4?exp=1&sig=a&from_us=5&to_us=9');
  });
});
