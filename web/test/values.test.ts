import { describe, expect, it } from 'vitest';
import { retryDelayMs } from '../src/api/live';
import type { CutContract } from '../src/api/types';
import { ago, bytes, offsetMs, parseTimecode, timecode } from '../src/format';
import { framesOff } from '../src/parts/cut';
import { readStrip, tileAt } from '../src/parts/strip';
import { clipsHref, parseRoute } from '../src/router';

describe('timecodes', () => {
  it.each([
    [0, '0:00.0'],
    [83_450_000, '1:23.5'],
    [59_960_000, '1:00.0'],
    [3_723_400_000, '1:02:03.4'],
  ])('writes %i µs as %s', (us, text) => expect(timecode(us)).toBe(text));

  it.each([
    ['12', 12e6],
    ['1:23.5', 83.5e6],
    ['1:02:03.4', 3_723_400_000],
    ['', null],
    ['-3', null],
    ['1:2:3:4', null],
    ['abc', null],
  ])('reads %s', (text, us) => expect(parseTimecode(text)).toBe(us));
});

describe('numbers', () => {
  it('states small offsets with their sign', () => {
    expect([offsetMs(0), offsetMs(1234), offsetMs(-500)]).toEqual(['0 ms', '+1.2 ms', '−0.5 ms']);
    expect([offsetMs(-21), offsetMs(49)]).toEqual(['0 ms', '0 ms']);
  });

  it('writes bytes in binary units', () => {
    expect([bytes(12), bytes(3 << 20), bytes(2147483648)]).toEqual(['12 B', '3.0 MiB', '2.00 GiB']);
  });

  it('writes ages', () => {
    const nowMs = Date.parse('2026-11-20T12:00:00Z');
    expect(ago('2026-11-20T11:59:48Z', nowMs)).toBe('12 s ago');
    expect(ago(null, nowMs)).toBe('never');
    expect(ago('nonsense', nowMs)).toBe('never');
  });

  it('waits longer after each failure, up to a bound', () => {
    expect(retryDelayMs(0, 0.5)).toBe(500);
    expect(retryDelayMs(2, 0.5)).toBe(2000);
    expect(retryDelayMs(1000, 1)).toBe(18_750);
  });
});

describe('a cut', () => {
  const cut = (startUs: number, endUs: number, clamped = false) =>
    ({
      requested_start_us: 0,
      requested_end_us: 10e6,
      delivered_start_us: startUs,
      delivered_end_us: 10e6 + endUs,
      clamped,
    }) as CutContract;

  it('is no frame off when its edges lie inside frames', () => {
    expect(framesOff(cut(33_000, 12_000), 30)).toBe(0);
  });

  it('counts whole frames at both ends', () => {
    expect(framesOff(cut(40_000, -70_000), 30)).toBe(3);
  });

  it('takes the frames that the contract counts', () => {
    const counted = {
      ...cut(40_000, 0),
      requested_start_frame: 12,
      requested_end_frame: 72,
      delivered_start_frame: 12,
      delivered_end_frame: 72,
    };
    expect(framesOff(counted, 30)).toBe(0);
    expect(framesOff({ ...counted, delivered_end_frame: 70 }, undefined)).toBe(2);
    expect(framesOff({ ...counted, clamped: true }, 30)).toBeNull();
  });

  it('claims nothing without a frame rate or for a shortened window', () => {
    expect(framesOff(cut(0, 0), undefined)).toBeNull();
    expect(framesOff(cut(0, 0, true), 30)).toBeNull();
  });
});

describe('addresses', () => {
  it('leads to a stream, to filtered clips, and else to the streams', () => {
    expect(parseRoute('#/streams/a%20b')).toEqual({ page: 'stream', id: 'a b' });
    const route = parseRoute(clipsHref({ stream: 's', status: '' }));
    expect(route.page === 'clips' && route.query.toString()).toBe('stream=s');
    expect(parseRoute('#/streams/%E0%A4%A')).toEqual({ page: 'stream', id: '%E0%A4%A' });
    expect(parseRoute('#whatever')).toEqual({ page: 'streams' });
  });

  it('leads whoever has a link to its clip', () => {
    const route = parseRoute('#/share/c7b1?exp=1790000000&sig=a-b_c');
    expect(route).toMatchObject({ page: 'share', id: 'c7b1' });
    expect(route.page === 'share' && route.query.toString()).toBe('exp=1790000000&sig=a-b_c');
  });
});

describe('strips', () => {
  const text = `WEBVTT

00:00:00.000 --> 00:00:01.200
/api/clips/c/strip.jpg?exp=1&sig=a_-b&version=1#xywh=0,0,160,90

00:00:01.200 --> 01:00:02.000
/api/clips/c/strip.jpg?exp=1&sig=a_-b&version=1#xywh=160,0,160,90
`;

  it('leads from a place to its tile', () => {
    const tiles = readStrip(text);
    expect(tiles).toHaveLength(2);
    expect(tiles[1]).toEqual({
      fromS: 1.2,
      toS: 3602,
      image: '/api/clips/c/strip.jpg?exp=1&sig=a_-b&version=1',
      x: 160,
      y: 0,
      width: 160,
      height: 90,
    });
    expect(tileAt(tiles, 0)).toBe(tiles[0]);
    expect(tileAt(tiles, -1)).toBe(tiles[0]);
    expect(tileAt(tiles, 0.5)).toBe(tiles[1]);
    expect(tileAt(tiles, 2)).toBe(tiles[1]);
    expect(tileAt([], 0.5)).toBeUndefined();
    expect(readStrip('WEBVTT\n')).toEqual([]);
  });
});
