import { useEffect, useState } from 'react';
import { ApiError, sharedClip } from '../api/client';
import type { SharedClip } from '../api/types';
import { bytes } from '../format';
import { Logo } from '../parts/Logo';
import { useTitle } from '../parts/useTitle';

interface Props {
  id: string;
  query: URLSearchParams;
}

/** A clip for whoever was given its link; nothing else of the server is shown. */
export function SharePage({ id, query }: Props) {
  const [clip, setClip] = useState<SharedClip | null>(null);
  const [why, setWhy] = useState('');
  useTitle(clip?.title || 'A shared clip');

  useEffect(() => {
    let isWanted = true;
    sharedClip(id, query).then(
      (found) => isWanted && setClip(found),
      (error: unknown) => isWanted && setWhy(reason(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [id, query]);

  return (
    <main className="shared">
      <div className="brand">
        <Logo />
        <span>Halcyon</span>
      </div>
      {clip && <Shared clip={clip} onBroken={() => setWhy('The clip cannot be played just now.')} />}
      {why && (
        <p className="empty" role="alert" data-testid="share-refused">
          {why}
        </p>
      )}
    </main>
  );
}

function Shared({ clip, onBroken }: { clip: SharedClip; onBroken: () => void }) {
  return (
    <article className="card" data-testid="share-clip">
      <video
        src={clip.play_url}
        controls
        playsInline
        preload="metadata"
        onError={onBroken}
        data-testid="share-video"
      />
      <h1 data-testid="share-title">{clip.title || 'Clip'}</h1>
      {clip.description && <p className="said">{clip.description}</p>}
      {clip.hashtags.length > 0 && (
        <p className="muted">{clip.hashtags.map((tag) => `#${tag.replace(/^#/, '')}`).join(' ')}</p>
      )}
      <p>
        <a className="button" href={clip.download_url} data-testid="share-download">
          Download {clip.container.toUpperCase()}, {bytes(clip.size_bytes)}
        </a>
      </p>
      <p className="muted">This link works until {new Date(clip.expires_at).toLocaleString()}.</p>
    </article>
  );
}

const REASONS: Record<string, string> = {
  SHARE_INVALID: 'This link is not complete. Copy all of it.',
  SHARE_EXPIRED: 'This link has expired.',
  SHARE_USED_UP: 'This clip was watched or downloaded as often as its link allows.',
  SHARE_REVOKED: 'This link was taken back.',
  SHARE_ADDRESS: 'This link works from another address only.',
  CLIP_NOT_FOUND: 'This clip was deleted.',
};

function reason(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The clip cannot be shown.';
  return REASONS[error.code] ?? error.message;
}
