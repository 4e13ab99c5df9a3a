import { describe, expect, it } from 'vitest';
import type { Clip, StreamMessage } from '../src/api/types';
import { EMPTY_STATE, mergePage, reduce, type StreamState } from '../src/stream/state';
import { unbroken } from '../src/stream/drawLoudness';

function clip(id: string, status: Clip['status'], second = 0): Clip {
  const created_at = `2026-11-20T12:00:${String(second).padStart(2, '0')}Z`;
  return { id, status, start_us: 0, end_us: 14e6, score: 0.8, created_at };
}

function onMessage(state: StreamState, type: string, data: unknown): StreamState {
  const message = { type, data, stream_id: 's', at: '' } as StreamMessage;
  return reduce(state, { kind: 'message', message, nowMs: 1 });
}

describe('clips of a stream', () => {
  it('shows an opened clip first and fills it when it is ready', () => {
    const one = onMessage(EMPTY_STATE, 'clip.ready', clip('old', 'sealed', 1));
    const opened = onMessage(one, 'clip.opened', clip('new', 'opened', 2));
    expect(opened.clips.map(({ id, status }) => [id, status])).toEqual([
      ['new', 'opened'],
      ['old', 'sealed'],
    ]);
    const ready = onMessage(opened, 'clip.ready', clip('new', 'sealed', 2));
    expect(ready.clips.map(({ status }) => status)).toEqual(['sealed', 'sealed']);
    expect(ready.totalClips).toBe(2);
  });

  it('does not go back to an older state that was still under way', () => {
    const ready = onMessage(EMPTY_STATE, 'clip.ready', clip('a', 'sealed'));
    expect(onMessage(ready, 'clip.opened', clip('a', 'opened')).clips[0]?.status).toBe('sealed');
    expect(mergePage(ready.clips, [clip('a', 'opened')])[0]?.status).toBe('sealed');
  });

  it('keeps clips outside of the page that the server sent and drops those missing inside', () => {
    const known = [clip('newest', 'opened', 9), clip('gone', 'sealed', 5), clip('oldest', 'sealed', 1)];
    const page = [clip('b', 'sealed', 6), clip('a', 'sealed', 4)];
    expect(mergePage(known, page).map(({ id }) => id)).toEqual(['newest', 'b', 'a', 'oldest']);
  });

  it('does not bring back a clip that was deleted here', () => {
    const ready = onMessage(EMPTY_STATE, 'clip.ready', clip('a', 'sealed'));
    const deleted = reduce(ready, { kind: 'clip.deleted', id: 'a' });
    const late = reduce(deleted, { kind: 'clips', clips: [clip('a', 'sealed')], total: 1 });
    expect(late.clips).toEqual([]);
  });
});

describe('marks', () => {
  const signals = [{ kind: 'loud_moment', at_us: 9e6, strength: 0.7 }];

  it('come from clips too, each once', () => {
    const made = { ...clip('a', 'sealed'), reason: { kind: 'highlight', signals } };
    const reloaded = reduce(EMPTY_STATE, { kind: 'clips', clips: [made], total: 1 });
    const heard = onMessage(reloaded, 'signal', { ...signals[0], detail: 'again' });
    const both = onMessage(heard, 'highlight.detected', { from_us: 100, to_us: 16e6, score: 0.8, signals });
    expect(both.signals.map(({ detail }) => detail)).toEqual(['again']);
    expect(both.highlights.map(({ from_us, to_us }) => [from_us, to_us])).toEqual([[100, 16e6]]);
  });

  it('do not come from a clip made by hand', () => {
    const made = { ...clip('a', 'sealed'), reason: { kind: 'manual', signals: [] } };
    expect(onMessage(EMPTY_STATE, 'clip.ready', made).highlights).toEqual([]);
  });
});

describe('loudness', () => {
  it('keeps a little more than two minutes', () => {
    let state = EMPTY_STATE;
    for (let s = 0; s < 300; s++) {
      state = onMessage(state, 'levels', { from_us: s * 1e6, step_us: 100_000, lufs: Array(10).fill(-30) });
    }
    expect(state.levels.length).toBe(1300);
    expect(state.levels[state.levels.length - 1]?.atUs).toBe(299.9e6);
  });

  it('forgets the levels of a time that begins anew', () => {
    const before = onMessage(EMPTY_STATE, 'levels', { from_us: 50e6, step_us: 100_000, lufs: [-20] });
    const after = onMessage(before, 'levels', { from_us: 0, step_us: 100_000, lufs: [-30, -31] });
    expect(after.levels).toEqual([
      { atUs: 0, lufs: -30 },
      { atUs: 100_000, lufs: -31 },
    ]);
  });

  it('does not join the curve over a gap', () => {
    const levels = [0, 100_000, 2_000_000].map((atUs) => ({ atUs, lufs: -30 }));
    expect(unbroken(levels).map((run) => run.length)).toEqual([2, 1]);
  });
});

describe('a stream', () => {
  it('follows messages about its state', () => {
    const stream = { id: 's', name: 'S', status: 'idle' as const };
    const idle = reduce(EMPTY_STATE, { kind: 'stream', stream });
    const started = onMessage(idle, 'stream.started', { epoch: 0 });
    expect(started.stream?.status).toBe('active');
    expect(onMessage(started, 'stream.ended', { reason: 'unpublished' }).stream?.status).toBe('idle');
  });

  it('ignores a message type that it does not know', () => {
    expect(onMessage(EMPTY_STATE, 'ring.shrunk', {})).toBe(EMPTY_STATE);
  });
});
