import type { Clip, Health, Highlight, Levels, Signal, Stream, StreamMessage } from '../api/types';
import { isDownloadable } from '../api/types';
import type { LinkState } from '../api/live';

/** Everything that the view of one stream shows, as one value. */
export interface StreamState {
  link: LinkState;
  stream: Stream | null;
  health: Health | null;
  clips: Clip[];
  totalClips: number;
  levels: Level[];
  /** Wall clock of this machine at which the newest level came; 0 before any. */
  levelsAtMs: number;
  signals: Signal[];
  highlights: Highlight[];
  alert: { code: string; message: string } | null;
  /** Clips deleted here, so that an answer already under way does not bring one back. */
  deleted: ReadonlySet<string>;
}

/** One point of the loudness curve. */
export interface Level {
  atUs: number;
  lufs: number;
}

export type StreamAction =
  | { kind: 'link'; link: LinkState }
  | { kind: 'stream'; stream: Stream }
  | { kind: 'health'; health: Health }
  | { kind: 'clips'; clips: Clip[]; total: number }
  | { kind: 'clip.deleted'; id: string }
  | { kind: 'message'; message: StreamMessage; nowMs: number };

/** How much of the past the loudness curve shows. */
export const SHOWN_US = 120e6;
const KEPT_US = SHOWN_US + 10e6;
const MAX_MARKS = 200;
const SAME_WINDOW_US = 1e6;

export const EMPTY_STATE: StreamState = {
  link: 'connecting',
  stream: null,
  health: null,
  clips: [],
  totalClips: 0,
  levels: [],
  levelsAtMs: 0,
  signals: [],
  highlights: [],
  alert: null,
  deleted: new Set(),
};

export function reduce(state: StreamState, action: StreamAction): StreamState {
  switch (action.kind) {
    case 'link':
      return { ...state, link: action.link };
    case 'stream':
      return { ...state, stream: { ...state.stream, ...action.stream } };
    case 'health':
      return withStatus({ ...state, health: action.health }, action.health.status);
    case 'clips':
      return {
        ...withMarks(state, action.clips),
        clips: mergePage(state.clips, action.clips, state.deleted),
        totalClips: action.total,
      };
    case 'clip.deleted':
      return {
        ...state,
        clips: state.clips.filter((clip) => clip.id !== action.id),
        totalClips: Math.max(0, state.totalClips - 1),
        deleted: new Set([...state.deleted, action.id]),
      };
    case 'message':
      return onMessage(state, action.message, action.nowMs);
  }
}

function onMessage(state: StreamState, message: StreamMessage, nowMs: number): StreamState {
  switch (message.type) {
    case 'stream.started':
      return withStatus({ ...state, alert: null }, 'active');
    case 'stream.ended':
      return withStatus(state, 'idle');
    case 'levels':
      return withLevels(state, message.data, nowMs);
    case 'signal':
      return { ...state, signals: withSignals(state.signals, [message.data]) };
    case 'highlight.detected':
      return { ...state, highlights: withHighlights(state.highlights, [message.data]) };
    case 'clip.opened':
    case 'clip.playable':
    case 'clip.ready':
    case 'clip.rendered':
    case 'clip.failed':
      return withClip(state, message.data);
    case 'ingest.alert':
      return { ...state, alert: message.data };
    default:
      return state;
  }
}

function withStatus(state: StreamState, status: Stream['status']): StreamState {
  if (!state.stream || state.stream.status === status) return state;
  return { ...state, stream: { ...state.stream, status } };
}

function withLevels(state: StreamState, data: Levels, nowMs: number): StreamState {
  const added = data.lufs.map((lufs, i) => ({ atUs: data.from_us + i * data.step_us, lufs }));
  const newest = added[added.length - 1];
  if (!newest) return state;
  // A stream that was made anew starts at zero again: what was before is of another time.
  const before = state.levels.filter((level) => level.atUs < data.from_us);
  const levels = [...before, ...added].filter((level) => level.atUs > newest.atUs - KEPT_US);
  return { ...state, levels, levelsAtMs: nowMs };
}

function withClip(state: StreamState, clip: Clip): StreamState {
  if (state.deleted.has(clip.id)) return state;
  const known = state.clips.find((other) => other.id === clip.id);
  return {
    ...withMarks(state, [clip]),
    clips: newestFirst([
      ...state.clips.filter((other) => other.id !== clip.id),
      known ? newer(known, clip) : clip,
    ]),
    totalClips: state.totalClips + (known ? 0 : 1),
  };
}

/** Clips tell of signals and windows that the page did not see itself: it was opened later. */
function withMarks(state: StreamState, clips: Clip[]): StreamState {
  const found = clips.filter((clip) => clip.reason?.kind === 'highlight');
  if (found.length === 0) return state;
  const windows = found.map(({ start_us, end_us, score, reason }) => ({
    from_us: start_us,
    to_us: end_us,
    score,
    signals: reason?.signals ?? [],
  }));
  return {
    ...state,
    signals: withSignals(state.signals, windows.flatMap(({ signals }) => signals)),
    highlights: withHighlights(state.highlights, windows),
  };
}

function withSignals(known: Signal[], added: Signal[]): Signal[] {
  const byKey = new Map([...known, ...added].map((s) => [`${s.kind} ${s.at_us}`, s]));
  return [...byKey.values()].sort((a, b) => a.at_us - b.at_us).slice(-MAX_MARKS);
}

/** Windows that begin together are one: a highlight, its clip, and the same while it goes on. */
function withHighlights(known: Highlight[], added: Highlight[]): Highlight[] {
  const isKept = (old: Highlight) =>
    !added.some((one) => Math.abs(one.from_us - old.from_us) < SAME_WINDOW_US);
  const windows = [...known.filter(isKept), ...added];
  return windows.sort((a, b) => a.from_us - b.from_us).slice(-MAX_MARKS);
}

/**
 * The known clips with one page of the server's list worked in. Inside the time that the page
 * spans the server is right about which clips exist; outside of it, what is known stays.
 */
export function mergePage(
  known: Clip[],
  page: Clip[],
  deleted: ReadonlySet<string> = new Set(),
): Clip[] {
  const fetched = new Map(page.map((clip) => [clip.id, clip]));
  const times = page.map(createdMs);
  const [oldest, newest] = [Math.min(...times), Math.max(...times)];
  const outside = known.filter(
    (clip) => !fetched.has(clip.id) && (createdMs(clip) < oldest || createdMs(clip) > newest),
  );
  const knownById = new Map(known.map((clip) => [clip.id, clip]));
  const merged = page.map((clip) => newer(knownById.get(clip.id) ?? clip, clip));
  return newestFirst([...outside, ...merged].filter((clip) => !deleted.has(clip.id)));
}

/** The later state of the same clip: an answer that was under way may be older than a message. */
function newer(known: Clip, incoming: Clip): Clip {
  return isDownloadable(known) && !isDownloadable(incoming) ? known : incoming;
}

function newestFirst(clips: Clip[]): Clip[] {
  return clips.sort((a, b) => createdMs(b) - createdMs(a));
}

function createdMs(clip: Clip): number {
  return Date.parse(clip.created_at);
}
