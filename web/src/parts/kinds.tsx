import { words } from '../format';

/** How a kind of signal looks: a shape within ±6, so that colour is not the only difference. */
export interface KindLook {
  colour: string;
  path: string;
}

const LOOKS: Record<string, KindLook> = {
  crowd_reaction: { colour: '#ffab4a', path: 'M0-6L6 5H-6Z' },
  loud_moment: { colour: '#ffe27a', path: 'M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z' },
  laughter: { colour: '#ff93c4', path: 'M-6-3H6A6 7 0 0 1-6-3Z' },
  applause: { colour: '#ffc07a', path: 'M-6 5L-3-6L0 5L3-6L6 5Z' },
  cheer: { colour: '#ffd45e', path: 'M0-6L3 0H6L0 6L-6 0H-3Z' },
  gunshot: { colour: '#ff6f61', path: 'M-6-2H3V-5L6 0L3 5V2H-6Z' },
  speech: { colour: '#9fb8c8', path: 'M-6-4H6V2H-1L-4 5V2H-6Z' },
  music: { colour: '#c8a8e8', path: 'M-2-6H5V-3H0V3A3 3 0 1 1-2 0Z' },
  keyword: { colour: '#7fbcff', path: 'M-5-5H5V5H-5Z' },
  emotional_moment: { colour: '#ff8a80', path: 'M0 6L-6-1A3 3 0 0 1 0-3A3 3 0 0 1 6-1Z' },
  scene_change: { colour: '#b9a1ff', path: 'M0-6L5 0L0 6L-5 0Z' },
  face: { colour: '#f0b7a0', path: 'M-3-5H3L6 0L3 5H-3L-6 0Z' },
  game_event: { colour: '#8be28b', path: 'M0-6L2-2L6-1L3 2L4 6L0 4L-4 6L-3 2L-6-1L-2-2Z' },
  chat_rate: { colour: '#a5d8d8', path: 'M-6-5H6V3H0L-4 6V3H-6Z' },
  manual_mark: { colour: '#36cfc9', path: 'M-4-6L6-3L-2 0V6H-4Z' },
};

const UNKNOWN: KindLook = { colour: '#9fb0bd', path: 'M-4-4H4V4H-4Z' };

export function lookOf(kind: string): KindLook {
  return LOOKS[kind] ?? UNKNOWN;
}

export function KindGlyph({ kind }: { kind: string }) {
  const { colour, path } = lookOf(kind);
  return (
    <svg className="glyph" viewBox="-7 -7 14 14" width="12" height="12" aria-hidden="true">
      <path d={path} fill={colour} />
    </svg>
  );
}

export function KindName({ kind }: { kind: string }) {
  return (
    <span className="kind">
      <KindGlyph kind={kind} />
      {words(kind)}
    </span>
  );
}
