import { useCallback, useState } from 'react';
import { api } from '../api/client';
import type { LinkState } from '../api/live';
import { words } from '../format';
import { StatusPill } from '../parts/StatusPill';
import { useToast } from '../parts/Toasts';
import { useTitle } from '../parts/useTitle';
import { DetectionForm } from '../stream/DetectionForm';
import type { TimeRange } from '../stream/drawLoudness';
import { HealthPanel } from '../stream/HealthPanel';
import { IngestPanel } from '../stream/IngestPanel';
import { LivePlayer } from '../stream/LivePlayer';
import { LoudnessChart } from '../stream/LoudnessChart';
import { ManualClip } from '../stream/ManualClip';
import { RecordingPanel } from '../stream/RecordingPanel';
import { StreamClips } from '../stream/StreamClips';
import { useStream, type StreamView } from '../stream/useStream';

export function StreamPage({ id }: { id: string }) {
  const view = useStream(id);
  const { state, dispatch, reload } = view;
  const { stream, health } = state;
  const [selection, setSelection] = useState<TimeRange | null>(null);
  useTitle(stream?.name ?? 'Stream');
  const onSaved = useCallback(() => void reload(), [reload]);
  if (!stream) return <p className="loading muted">Loading…</p>;
  const isUnused = !stream.last_seen_at && stream.status === 'idle' && state.levels.length === 0;

  return (
    <>
      <StreamHead view={view} />
      {state.alert && (
        <p className="alert" role="status" data-testid="ingest-alert">
          <strong>{state.alert.code}</strong> {state.alert.message}
        </p>
      )}
      {stream.status === 'error' && stream.last_error && (
        <p className="alert" data-testid="stream-error">
          {stream.last_error}
        </p>
      )}
      <div className="stream-grid">
        <div className="stream-main">
          {isUnused ? <IngestPanel stream={stream} isOpen /> : <LivePlayer stream={stream} />}
          <section className="card" aria-label="Loudness and signals">
            <LoudnessChart state={state} selection={selection} onSelect={setSelection} />
            <ManualClip
              streamId={id}
              selection={selection}
              onSelect={setSelection}
              onRequested={onSaved}
            />
          </section>
          <StreamClips id={id} state={state} dispatch={dispatch} />
        </div>
        <aside className="stream-side">
          <HealthPanel health={health} settings={stream.settings} />
          {stream.settings && (
            <RecordingPanel
              stream={stream}
              selection={selection}
              onSelect={setSelection}
              onSaved={onSaved}
            />
          )}
          {!isUnused && <IngestPanel stream={stream} />}
          {stream.settings && (
            <DetectionForm streamId={id} detection={stream.settings.detection} onSaved={onSaved} />
          )}
        </aside>
      </div>
    </>
  );
}

function StreamHead({ view: { state, reload } }: { view: StreamView }) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const stream = state.stream!;
  const isStopped = stream.status === 'stopped';
  const toggle = async () => {
    setBusy(true);
    try {
      await (isStopped ? api.resume(stream.id) : api.pause(stream.id));
      await reload();
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };
  return (
    <div className="page-head">
      <div className="row wrap name">
        <h1 data-testid="stream-name">{stream.name}</h1>
        <StatusPill status={stream.status} />
        {stream.platform && <span className="muted">{words(stream.platform)}</span>}
      </div>
      <div className="row">
        <LinkBadge link={state.link} />
        <button onClick={() => void toggle()} disabled={isBusy} data-testid="stream-pause">
          {isStopped ? 'Resume' : 'Pause'}
        </button>
      </div>
    </div>
  );
}

function LinkBadge({ link }: { link: LinkState }) {
  const [text, title] = {
    connecting: ['Connecting…', 'Opening the live connection'],
    live: ['Live updates', 'Everything shows the moment it happens'],
    polling: ['Updating every 5 s', 'No live connection to the server; trying again'],
  }[link] as [string, string];
  return (
    <span className={`badge ${link}`} title={title} data-testid="link-state" data-link={link}>
      {text}
    </span>
  );
}
