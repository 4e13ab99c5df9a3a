import { useEffect, useRef, useState, type PointerEvent } from 'react';
import type { Signal } from '../api/types';
import { timecode, words } from '../format';
import { KindName } from '../parts/kinds';
import { drawLoudness, MARKS_PX, timeAt, xOf, type Size, type TimeRange } from './drawLoudness';
import type { StreamState } from './state';

interface Props {
  state: StreamState;
  selection: TimeRange | null;
  onSelect: (range: TimeRange | null) => void;
}

interface Tip {
  signal: Signal;
  xPx: number;
}

/** The curve moves by about 8 px a second: more pictures than this would show nothing new. */
const FRAME_MS = 50;
/** Levels come in small bursts; the right edge runs on between them, but not for longer. */
const LONGEST_RUN_ON_US = 1_500_000;
const MARK_REACH_PX = 9;
const SHORTEST_SELECTION_US = 1_000_000;

/** Loudness of the last two minutes with signals and highlights; dragging selects a range. */
export function LoudnessChart({ state, selection, onSelect }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef({ state, selection });
  latest.current = { state, selection };
  const [tip, setTip] = useState<Tip | null>(null);
  const dragFromUs = useRef<number | null>(null);
  useDrawing(canvas, latest);

  const timeOf = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const size = { widthPx: box.width, heightPx: box.height };
    return timeAt(event.clientX - box.left, endOf(state), size);
  };
  const onDown = (event: PointerEvent) => {
    if (endOf(state) === 0 || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    dragFromUs.current = timeOf(event);
  };
  const onMove = (event: PointerEvent) => {
    setTip(tipUnder(event, state));
    if (dragFromUs.current === null) return;
    const atUs = Math.min(timeOf(event), endOf(state));
    const [fromUs, toUs] = [Math.min(dragFromUs.current, atUs), Math.max(dragFromUs.current, atUs)];
    if (toUs - fromUs >= SHORTEST_SELECTION_US) {
      onSelect({ fromUs: Math.max(0, Math.round(fromUs)), toUs: Math.round(toUs) });
    }
  };
  const onUp = () => (dragFromUs.current = null);

  return (
    <figure className="loudness">
      <canvas
        ref={canvas}
        data-testid="sparkline"
        data-levels={state.levels.length}
        data-signals={state.signals.length}
        role="img"
        aria-label={describe(state)}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onUp}
        onPointerLeave={() => setTip(null)}
        onDoubleClick={() => onSelect(null)}
      />
      {state.levels.length === 0 && (
        <p className="waiting">
          {state.link === 'polling'
            ? 'Loudness needs the live connection.'
            : 'Loudness shows here while the stream is live.'}
        </p>
      )}
      {tip && (
        <div
          className="tip"
          role="tooltip"
          style={{ left: `clamp(7rem, ${tip.xPx}px, 100% - 7rem)`, top: MARKS_PX }}
        >
          <KindName kind={tip.signal.kind} /> {Math.round(tip.signal.strength * 100)} %
          <br />
          <span className="muted">
            {timecode(tip.signal.at_us)} {tip.signal.detail}
          </span>
        </div>
      )}
      <Legend signals={state.signals} />
    </figure>
  );
}

function Legend({ signals }: { signals: Signal[] }) {
  const kinds = [...new Set(signals.map((signal) => signal.kind))];
  return (
    <figcaption className="legend">
      {kinds.map((kind) => (
        <KindName key={kind} kind={kind} />
      ))}
      {kinds.length > 0 && (
        <span className="kind">
          <i className="window-swatch" /> Highlight
        </span>
      )}
      <span className="muted hint">Drag over the curve to choose a range</span>
    </figcaption>
  );
}

/** Draws in step with the screen; for readers who want no motion, only when there is news. */
function useDrawing(
  canvas: React.RefObject<HTMLCanvasElement | null>,
  latest: React.RefObject<{ state: StreamState; selection: TimeRange | null }>,
): void {
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d');
    if (!element || !g) return;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)');
    let frame = 0;
    let drawnAtMs = 0;
    let drawn: unknown = null;
    const tick = (nowMs: number) => {
      frame = requestAnimationFrame(tick);
      const { state, selection } = latest.current!;
      if (isStill.matches ? drawn === state : nowMs - drawnAtMs < FRAME_MS) return;
      drawnAtMs = nowMs;
      drawn = state;
      const size = fit(element, g);
      drawLoudness(g, { ...state, endUs: endOf(state), selection }, size);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [canvas, latest]);
}

/** Makes the bitmap as large as the element on this screen. */
function fit(element: HTMLCanvasElement, g: CanvasRenderingContext2D): Size {
  const [widthPx, heightPx] = [element.clientWidth, element.clientHeight];
  const ratio = devicePixelRatio;
  if (element.width !== Math.round(widthPx * ratio) || element.height !== Math.round(heightPx * ratio)) {
    element.width = Math.round(widthPx * ratio);
    element.height = Math.round(heightPx * ratio);
  }
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { widthPx, heightPx };
}

/** Stream time at the right edge; without levels, where the ring ends. */
function endOf({ levels, levelsAtMs, health }: StreamState): number {
  const newest = levels[levels.length - 1];
  if (!newest) return health?.ring.to_us ?? 0;
  return newest.atUs + Math.min(LONGEST_RUN_ON_US, (performance.now() - levelsAtMs) * 1000);
}

function tipUnder(event: PointerEvent, state: StreamState): Tip | null {
  const box = event.currentTarget.getBoundingClientRect();
  const size = { widthPx: box.width, heightPx: box.height };
  const pointerPx = event.clientX - box.left;
  let found: Tip | null = null;
  let nearestPx = MARK_REACH_PX;
  for (const signal of state.signals) {
    const xPx = xOf(signal.at_us, endOf(state), size);
    const distancePx = Math.abs(xPx - pointerPx);
    if (distancePx <= nearestPx) {
      nearestPx = distancePx;
      found = { signal, xPx };
    }
  }
  return found;
}

function describe({ levels, signals }: StreamState): string {
  const newest = levels[levels.length - 1];
  if (!newest) return 'Loudness of the stream: nothing yet';
  const last = signals[signals.length - 1];
  const signalText = last ? `; last signal: ${words(last.kind)} at ${timecode(last.at_us)}` : '';
  return `Loudness of the last two minutes: now ${newest.lufs.toFixed(0)} LUFS${signalText}`;
}
