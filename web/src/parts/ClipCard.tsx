import { memo, useState } from 'react';
import { api } from '../api/client';
import { isDownloadable, isOpen, type Clip } from '../api/types';
import { ago, duration, timecode } from '../format';
import { ClipMedia } from './ClipMedia';
import { Confirm } from './Confirm';
import { CutDetails } from './CutDetails';
import { OtherForms } from './OtherForms';
import { useToast } from './Toasts';
import { useNow } from './useNow';
import { WhyThisClip } from './WhyThisClip';

interface Props {
  clip: Clip;
  /** Frames a second of the stream, where known. */
  fps?: number;
  /** Newest stream time, where known: an open clip shows how far it is. */
  streamEndUs?: number;
  /** The name of the clip's stream, where the page shows more than one. */
  streamName?: string;
  onDeleted: (id: string) => void;
}

/** A clip younger than this when its card appears comes in with a movement. */
const FRESH_MS = 20_000;

export const ClipCard = memo(function ClipCard(props: Props) {
  const { clip, fps, streamEndUs, streamName, onDeleted } = props;
  const toast = useToast();
  const nowMs = useNow(10_000);
  const [isFresh] = useState(() => Date.now() - Date.parse(clip.created_at) < FRESH_MS);
  const [isAsking, setAsking] = useState(false);
  const version = clip.versions?.[clip.versions.length - 1];
  const contract = version?.contract;
  const startUs = contract?.delivered_start_us ?? clip.start_us;
  const endUs = contract?.delivered_end_us ?? clip.end_us;

  const remove = async () => {
    setAsking(false);
    try {
      await api.deleteClip(clip.id);
      onDeleted(clip.id);
    } catch (error) {
      toast.failure(error);
    }
  };

  return (
    <article
      className={`clip card ${isFresh ? 'fresh' : ''}`}
      data-testid="clip-card"
      data-clip-id={clip.id}
      data-status={clip.status}
    >
      <ClipMedia clip={clip} streamEndUs={streamEndUs} />
      <div className="clip-body">
        <div className="row spread">
          <h3 data-testid="clip-title">{titleOf(clip)}</h3>
          {clip.score > 0 && (
            <span className="score" title="Score" data-testid="clip-score">
              {clip.score.toFixed(2)}
            </span>
          )}
        </div>
        <p className="muted figures">
          {streamName && <>{streamName} · </>}
          <span data-testid="clip-duration">{duration(endUs - startUs)}</span> · {timecode(startUs)}–
          {timecode(endUs)} · {ago(clip.created_at, nowMs)}
        </p>
        <WhyThisClip clip={clip} />
        {version && contract && (
          <CutDetails clipId={clip.id} version={version.version} contract={contract} fps={fps} />
        )}
        {isDownloadable(clip) && clip.download_url?.includes('?') && (
          <OtherForms downloadUrl={clip.download_url} />
        )}
        <div className="row actions">
          {isDownloadable(clip) && <DownloadLink clip={clip} />}
          {!isOpen(clip) && (
            <button className="small" onClick={() => setAsking(true)} data-testid="clip-delete">
              Delete
            </button>
          )}
        </div>
      </div>
      {isAsking && (
        <Confirm
          title="Delete this clip?"
          action="Delete clip"
          onConfirm={() => void remove()}
          onCancel={() => setAsking(false)}
        >
          “{titleOf(clip)}” is hidden; for a while it can be taken back.
        </Confirm>
      )}
    </article>
  );
});

function DownloadLink({ clip }: { clip: Clip }) {
  const signed = [clip.download_url, clip.play_url].find((url) => url?.includes('?'));
  const container = clip.versions?.[clip.versions.length - 1]?.container ?? 'mp4';
  return (
    <a
      className="button small"
      href={signed ?? clip.download_url ?? undefined}
      download={`${titleOf(clip).replace(/[^\p{L}\p{N} _-]+/gu, '').trim() || 'clip'}.${container}`}
      data-testid="clip-download"
    >
      Download
    </a>
  );
}

function titleOf(clip: Clip): string {
  return clip.title || `Clip at ${timecode(clip.start_us)}`;
}
