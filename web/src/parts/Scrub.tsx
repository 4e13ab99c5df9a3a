import { useRef, useState, type PointerEvent } from 'react';
import { readStrip, tileAt, type Tile } from './strip';

interface Props {
  /** The clip's strip; it is fetched when a pointer first comes. */
  url: string;
}

/** Over a clip that is not played: where the pointer is from left to right, the clip is shown there. */
export function Scrub({ url }: Props) {
  const [tiles, setTiles] = useState<Tile[]>([]);
  const [share, setShare] = useState<number>();
  const isAsked = useRef(false);

  const ask = async () => {
    if (isAsked.current) return;
    isAsked.current = true;
    const answer = await fetch(url).catch(() => null);
    if (answer?.status === 200) setTiles(readStrip(await answer.text()));
    else isAsked.current = false; // it is being made: the next time
  };
  const onMove = (event: PointerEvent<HTMLDivElement>) => {
    if (event.pointerType !== 'mouse') return;
    void ask();
    const box = event.currentTarget.getBoundingClientRect();
    setShare((event.clientX - box.left) / box.width);
  };
  const tile = share === undefined ? undefined : tileAt(tiles, share);
  return (
    <div className="scrub" onPointerMove={onMove} onPointerLeave={() => setShare(undefined)} data-testid="clip-scrub">
      {tile && (
        <svg viewBox={`0 0 ${tile.width} ${tile.height}`} data-testid="clip-tile">
          {/* The inner one is cut off at the tile's edges, whatever the shape of the box. */}
          <svg
            width={tile.width}
            height={tile.height}
            viewBox={`${tile.x} ${tile.y} ${tile.width} ${tile.height}`}
          >
            <image href={tile.image} />
          </svg>
        </svg>
      )}
      {tile && <span style={{ left: `${Math.min(1, Math.max(0, share ?? 0)) * 100}%` }} />}
    </div>
  );
}
