import type Hls from 'hls.js';
import { useEffect, useRef, useState } from 'react';
import type { Stream } from '../api/types';

/** Until a player that cannot go on begins again. */
const AGAIN_MS = 3_000;

/** Behind by more than this, a viewer is told that it is not the live picture. */
const LIVE_WITHIN_S = 6;

/** The stream as it comes in, and as far back as its ring reaches. Nothing is loaded before it is asked for. */
export function LivePlayer({ stream }: { stream: Stream }) {
  const [isOn, setOn] = useState(false);
  if (!stream.preview_url) return null;
  if (isOn) return <Player stream={stream} onEnd={() => setOn(false)} />;
  return (
    <section className="card live-player" aria-label="Live picture" data-testid="live">
      <button className="live-start" onClick={() => setOn(true)} data-testid="live-start">
        {stream.status === 'active' && <img src={stream.snapshot_url} alt="" />}
        <span>{stream.status === 'active' ? 'Watch live' : 'Watch what is held'}</span>
      </button>
    </section>
  );
}

function Player({ stream, onEnd }: { stream: Stream; onEnd: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<Hls | null>(null);
  const [behindS, setBehind] = useState<number | null>(null);
  const [failure, setFailure] = useState('');
  // The address is signed anew with each reading of the stream: the newest is for beginning again.
  const url = useRef(stream.preview_url!);
  url.current = stream.preview_url ?? url.current;

  useEffect(() => {
    const element = video.current!;
    let isGone = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const begin = ({ default: Player }: { default: typeof Hls }) => {
      if (isGone) return;
      if (!Player.isSupported()) {
        element.src = url.current;
        return;
      }
      const hls = new Player({ lowLatencyMode: true, enableWorker: false, backBufferLength: 60 });
      player.current = hls;
      let recoveredAt = -Infinity;
      hls.on(Player.Events.FRAG_BUFFERED, () => setFailure(''));
      hls.on(Player.Events.ERROR, (_, error) => {
        if (!error.fatal) return;
        if (error.type === 'mediaError' && performance.now() - recoveredAt > 10_000) {
          recoveredAt = performance.now();
          hls.recoverMediaError();
          return;
        }
        setFailure(said(error.details, error.response?.code));
        again = setTimeout(() => hls.loadSource(url.current), AGAIN_MS);
      });
      hls.loadSource(url.current);
      hls.attachMedia(element);
      void element.play().catch(() => undefined);
    };
    import('hls.js/light').then(begin, () => setFailure('The player could not be loaded; reload the page'));
    const clock = setInterval(() => {
      const latency = player.current?.latency ?? 0;
      setBehind(latency > 0 ? latency : null);
    }, 500);
    return () => {
      isGone = true;
      clearTimeout(again);
      clearInterval(clock);
      player.current?.destroy();
      player.current = null;
    };
  }, []);

  const toLive = () => {
    const at = player.current?.liveSyncPosition;
    if (at && video.current) {
      video.current.currentTime = at;
      void video.current.play().catch(() => undefined);
    }
  };
  const isLive = behindS !== null && behindS < LIVE_WITHIN_S;

  return (
    <section className="card live-player" aria-label="Live picture" data-testid="live">
      <video ref={video} controls muted playsInline data-testid="live-video" />
      <div className="row spread">
        <button
          className="small"
          onClick={toLive}
          disabled={isLive || behindS === null}
          data-testid="live-edge"
        >
          {isLive ? 'Live' : 'Go live'}
        </button>
        <span className="muted" role="status" data-testid="live-behind">
          {failure || (behindS === null ? '' : `${behindS.toFixed(1)} s behind`)}
        </span>
        <button className="small" onClick={onEnd} data-testid="live-close">
          Close
        </button>
      </div>
    </section>
  );
}

function said(details: string, status?: number): string {
  if (status === 401) return 'The link to the picture has expired; reload the page';
  if (status === 415) return 'The stream’s codecs cannot be played here';
  if (status === 409 || status === 425) return 'There is nothing to play yet';
  if (status) return `The server answered ${status}; trying again`;
  return `The picture broke off (${details}); trying again`;
}
