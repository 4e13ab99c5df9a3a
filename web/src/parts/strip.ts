/** A moment of a clip and where its small picture lies in the strip's image. */
export interface Tile {
  fromS: number;
  toS: number;
  image: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CUE = /([\d:.]+) --> ([\d:.]+)[^\n]*\n([^\n#]+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** Reads the server's WebVTT. */
export function readStrip(text: string): Tile[] {
  return [...text.matchAll(CUE)].map(([, from = '', to = '', image = '', ...area]) => {
    const [x = 0, y = 0, width = 1, height = 1] = area.map(Number);
    return { fromS: seconds(from), toS: seconds(to), image, x, y, width, height };
  });
}

/** The tile at a share of the clip, 0 to 1. */
export function tileAt(tiles: Tile[], share: number): Tile | undefined {
  const last = tiles.at(-1);
  const atS = Math.min(1, Math.max(0, share)) * (last?.toS ?? 0);
  return tiles.find((tile) => atS < tile.toS) ?? last;
}

function seconds(clock: string): number {
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
