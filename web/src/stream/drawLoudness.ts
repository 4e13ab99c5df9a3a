import type { Highlight, Signal } from '../api/types';
import { lookOf } from '../parts/kinds';
import type { Level } from './state';
import { SHOWN_US } from './state';

/** What the curve shows at one moment. */
export interface LoudnessScene {
  levels: Level[];
  signals: Signal[];
  highlights: Highlight[];
  /** Stream time at the right edge. */
  endUs: number;
  selection: TimeRange | null;
}

export interface TimeRange {
  fromUs: number;
  toUs: number;
}

export interface Size {
  widthPx: number;
  heightPx: number;
}

const LOUDEST_LUFS = 0;
const QUIETEST_LUFS = -60;
/** A strip at the top for the marks, one at the bottom for the times. */
export const MARKS_PX = 22;
const TIMES_PX = 18;
/** Levels further apart than this are not joined: the stream gave nothing in between. */
const GAP_US = 500_000;

const ACCENT = '#36cfc9';
const GRID = 'rgba(160, 190, 205, 0.10)';
const TEXT = '#8496a3';
const WINDOW = 'rgba(255, 171, 74, 0.13)';
const SELECTED = 'rgba(54, 207, 201, 0.20)';

export function xOf(atUs: number, endUs: number, size: Size): number {
  return size.widthPx * (1 - (endUs - atUs) / SHOWN_US);
}

export function timeAt(xPx: number, endUs: number, size: Size): number {
  return endUs - (1 - xPx / size.widthPx) * SHOWN_US;
}

export function drawLoudness(g: CanvasRenderingContext2D, scene: LoudnessScene, size: Size): void {
  g.clearRect(0, 0, size.widthPx, size.heightPx);
  for (const { from_us, to_us } of scene.highlights) shade(g, scene, size, from_us, to_us, WINDOW);
  drawGrid(g, size);
  drawCurve(g, scene, size);
  if (scene.selection) {
    shade(g, scene, size, scene.selection.fromUs, scene.selection.toUs, SELECTED);
  }
  for (const signal of scene.signals) drawMark(g, scene, size, signal);
}

function shade(
  g: CanvasRenderingContext2D,
  { endUs }: LoudnessScene,
  size: Size,
  fromUs: number,
  toUs: number,
  colour: string,
): void {
  const left = Math.max(0, xOf(fromUs, endUs, size));
  const right = Math.min(size.widthPx, xOf(toUs, endUs, size));
  if (right <= left) return;
  g.fillStyle = colour;
  g.beginPath();
  g.roundRect(left, 0, right - left, size.heightPx - TIMES_PX, 4);
  g.fill();
}

function drawGrid(g: CanvasRenderingContext2D, size: Size): void {
  g.strokeStyle = GRID;
  g.fillStyle = TEXT;
  g.font = '11px system-ui, sans-serif';
  g.lineWidth = 1;
  for (const lufs of [-20, -40]) {
    const y = Math.round(yOf(lufs, size)) + 0.5;
    line(g, 0, y, size.widthPx, y);
    g.textAlign = 'left';
    g.fillText(`${lufs}`.replace('-', '−') + (lufs === -20 ? ' LUFS' : ''), 4, y - 4);
  }
  const base = size.heightPx - TIMES_PX + 0.5;
  line(g, 0, base, size.widthPx, base);
  for (let s = 0; s <= SHOWN_US / 1e6; s += 30) {
    const x = size.widthPx * (1 - (s * 1e6) / SHOWN_US);
    g.textAlign = s === 0 ? 'right' : s * 1e6 === SHOWN_US ? 'left' : 'center';
    g.fillText(s === 0 ? 'now' : `−${s} s`, x, size.heightPx - 4);
  }
}

function drawCurve(g: CanvasRenderingContext2D, scene: LoudnessScene, size: Size): void {
  const base = size.heightPx - TIMES_PX;
  const fill = g.createLinearGradient(0, MARKS_PX, 0, base);
  fill.addColorStop(0, 'rgba(54, 207, 201, 0.42)');
  fill.addColorStop(1, 'rgba(54, 207, 201, 0.03)');
  for (const run of unbroken(scene.levels)) {
    const points = run.map(({ atUs, lufs }) => [xOf(atUs, scene.endUs, size), yOf(lufs, size)] as const);
    const [first, last] = [points[0]!, points[points.length - 1]!];
    g.beginPath();
    for (const [x, y] of points) g.lineTo(x, y);
    g.strokeStyle = ACCENT;
    g.lineWidth = 1.5;
    g.lineJoin = 'round';
    g.stroke();
    g.lineTo(last[0], base);
    g.lineTo(first[0], base);
    g.fillStyle = fill;
    g.fill();
  }
}

/** The levels cut where the stream gave nothing. */
export function unbroken(levels: Level[]): Level[][] {
  const runs: Level[][] = [];
  let previousUs = -Infinity;
  for (const level of levels) {
    if (level.atUs - previousUs > GAP_US) runs.push([]);
    runs[runs.length - 1]!.push(level);
    previousUs = level.atUs;
  }
  return runs;
}

function drawMark(
  g: CanvasRenderingContext2D,
  { endUs }: LoudnessScene,
  size: Size,
  signal: Signal,
): void {
  const x = xOf(signal.at_us, endUs, size);
  if (x < -8 || x > size.widthPx + 8) return;
  const { colour, path } = lookOf(signal.kind);
  g.save();
  g.globalAlpha = 0.35 + 0.65 * signal.strength;
  g.strokeStyle = colour;
  g.lineWidth = 1;
  g.setLineDash([2, 3]);
  line(g, x, MARKS_PX, x, size.heightPx - TIMES_PX);
  g.translate(x, MARKS_PX / 2);
  g.fillStyle = colour;
  g.fill(new Path2D(path));
  g.restore();
}

function yOf(lufs: number, size: Size): number {
  const share = (LOUDEST_LUFS - lufs) / (LOUDEST_LUFS - QUIETEST_LUFS);
  const base = size.heightPx - TIMES_PX;
  return MARKS_PX + Math.min(1, Math.max(0, share)) * (base - MARKS_PX);
}

function line(g: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  g.beginPath();
  g.moveTo(x1, y1);
  g.lineTo(x2, y2);
  g.stroke();
}
