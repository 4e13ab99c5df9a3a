import { useCallback, useState } from 'react';
import { api } from '../api/client';
import { ClipCard } from '../parts/ClipCard';
import { useToast } from '../parts/Toasts';
import type { StreamAction, StreamState } from './state';

interface Props {
  id: string;
  state: StreamState;
  dispatch: (action: StreamAction) => void;
}

const PAGE_SIZE = 24;

export function StreamClips({ id, state, dispatch }: Props) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const { clips, totalClips, health } = state;
  const newestUs = state.levels[state.levels.length - 1]?.atUs;
  const streamEndUs = Math.max(newestUs ?? 0, health?.ring.to_us ?? 0);
  const onDeleted = useCallback(
    (clipId: string) => dispatch({ kind: 'clip.deleted', id: clipId }),
    [dispatch],
  );

  const loadOlder = async () => {
    setBusy(true);
    try {
      const page = await api.streamClips(id, Math.floor(clips.length / PAGE_SIZE) + 1);
      dispatch({ kind: 'clips', clips: page.data, total: page.total });
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };

  return (
    <section aria-label="Clips">
      <div className="row spread section-head">
        <h2>Clips</h2>
        <span className="muted figures" data-testid="clip-count">
          {totalClips}
        </span>
      </div>
      {clips.length === 0 && (
        <div className="empty card">
          <p>No clip yet. One appears here the moment something happens.</p>
        </div>
      )}
      <div className="clips" data-testid="clip-list">
        {clips.map((clip) => (
          <ClipCard
            key={clip.id}
            clip={clip}
            fps={health?.ingest.fps}
            streamEndUs={clip.status === 'opened' ? streamEndUs : undefined}
            onDeleted={onDeleted}
          />
        ))}
      </div>
      {clips.length < totalClips && (
        <div className="pager">
          <button disabled={isBusy} onClick={() => void loadOlder()} data-testid="clips-older">
            Older clips
          </button>
        </div>
      )}
    </section>
  );
}
