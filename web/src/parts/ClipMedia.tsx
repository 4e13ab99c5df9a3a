import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { api } from '../api/client';
import { isDownloadable, isOpen, type Clip } from '../api/types';
import { Scrub } from './Scrub';

interface Props {
  clip: Clip;
  streamEndUs?: number;
}

/** The clip's picture: a placeholder until there is one, then a player, while it is captured too. */
export function ClipMedia({ clip, streamEndUs }: Props) {
  const isPlayable = Boolean(clip.play_url) && (isDownloadable(clip) || clip.status === 'playable');
  if (clip.status === 'failed') {
    return (
      <div className="clip-media failed" data-testid="clip-failed">
        <p>{clip.failure || 'No clip could be made of this window.'}</p>
      </div>
    );
  }
  if (!isPlayable) return <Capturing clip={clip} streamEndUs={streamEndUs} />;
  return <Player clip={clip} streamEndUs={streamEndUs} />;
}

function Capturing({ clip, streamEndUs }: Props) {
  return (
    <div className="clip-media capturing" data-testid="clip-placeholder">
      <p>{isOpen(clip) ? 'Capturing…' : 'Preparing…'}</p>
      <Captured clip={clip} streamEndUs={streamEndUs} />
    </div>
  );
}

function Captured({ clip, streamEndUs }: Props) {
  const share = streamEndUs
    ? Math.min(1, Math.max(0, (streamEndUs - clip.start_us) / (clip.end_us - clip.start_us)))
    : undefined;
  return <progress value={share} aria-label="Captured so far" data-testid="clip-captured" />;
}

/** Plays what there is of an open clip, and goes on in the whole one when that is there. */
function Player({ clip, streamEndUs }: Props) {
  const { media, renew } = useMedia(clip);
  const [isStarted, setStarted] = useState(false);
  const [hasPoster, setHasPoster] = useState(false);
  const positionS = useRef(0);
  const isPaused = useRef(false);
  const video = useRef<HTMLVideoElement>(null);

  const onTime = (event: SyntheticEvent<HTMLVideoElement>) => {
    // A change of source reports time 0 before anything of it is there.
    if (event.currentTarget.readyState > 0) positionS.current = event.currentTarget.currentTime;
  };
  const onMetadata = (event: SyntheticEvent<HTMLVideoElement>) => {
    if (positionS.current > 0) event.currentTarget.currentTime = positionS.current;
    if (isPaused.current) event.currentTarget.pause();
  };
  const onPlay = () => {
    isPaused.current = false;
    setStarted(true);
  };
  const start = () => {
    setStarted(true);
    // Without a user's gesture or sound device the browser may refuse; its controls are there then.
    video.current?.play().catch(() => undefined);
  };

  return (
    <div className="clip-media">
      <video
        ref={video}
        data-testid="clip-video"
        src={media.play ?? undefined}
        poster={hasPoster && media.poster ? media.poster : undefined}
        preload="none"
        playsInline
        controls={isStarted}
        autoPlay={isStarted}
        onPlay={onPlay}
        onPause={() => (isPaused.current = true)}
        onTimeUpdate={onTime}
        onLoadedMetadata={onMetadata}
        onError={() => void renew()}
      />
      {!isStarted && media.poster && (
        <Poster key={media.poster} url={media.poster} onLoad={() => setHasPoster(true)} />
      )}
      {!isStarted && isDownloadable(clip) && clip.strip_url && <Scrub url={clip.strip_url} />}
      {!isStarted && (
        <button className="play" onClick={start} aria-label={`Play ${clip.title || 'clip'}`} data-testid="clip-play">
          <svg viewBox="0 0 24 24" width="26" height="26" aria-hidden="true">
            <path d="M8 5.5v13l11-6.5z" fill="currentColor" />
          </svg>
        </button>
      )}
      {isOpen(clip) && <Captured clip={clip} streamEndUs={streamEndUs} />}
    </div>
  );
}

/** A poster is made after its clip was announced: usually within a tenth of a second. */
const POSTER_RETRIES_MS = [200, 400, 800, 1_500, 3_000, 6_000, 15_000];

/** The poster, asked for again while it is not there yet. */
function Poster({ url, onLoad }: { url: string; onLoad: () => void }) {
  const [failures, setFailures] = useState(0);
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setTimeout(() => setWaiting(false), POSTER_RETRIES_MS[failures - 1]);
    return () => clearTimeout(timer);
  }, [isWaiting, failures]);
  const onError = () => {
    setFailures(failures + 1);
    setWaiting(true);
  };
  if (isWaiting || failures > POSTER_RETRIES_MS.length) return null;
  return (
    <img className="poster" src={url} alt="" onLoad={onLoad} onError={onError} data-testid="clip-poster" />
  );
}

/**
 * Keeps the addresses it began with: each answer of the server signs them anew, and a new address
 * would start the video over. They change with the file, or once when they no longer work.
 */
function useMedia(clip: Clip) {
  const file = `${isDownloadable(clip) ? 'v' : 'growing'}${clip.versions?.length ?? 0}`;
  const [media, setMedia] = useState({ file, play: playOf(clip, file), poster: clip.poster_url });
  const renewedFile = useRef('');

  useEffect(() => {
    setMedia((kept) => {
      if (kept.file === file && kept.poster) return kept;
      const play = kept.file === file ? kept.play : playOf(clip, file);
      return { file, play, poster: kept.poster ?? clip.poster_url };
    });
  }, [file, clip]);

  const renew = async () => {
    if (renewedFile.current === file) return;
    renewedFile.current = file;
    const fresh = await api.clip(clip.id).catch(() => null);
    if (fresh?.play_url) {
      setMedia({ file, play: playOf(fresh, `${file}-again`), poster: fresh.poster_url });
    }
  };
  return { media, renew };
}

/** The same address gives the clip as it grows and then its file: the browser must ask anew. */
function playOf(clip: Clip, file: string) {
  return clip.play_url && `${clip.play_url}${clip.play_url.includes('?') ? '&' : '?'}file=${file}`;
}
