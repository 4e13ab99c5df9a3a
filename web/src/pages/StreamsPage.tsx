import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { api } from '../api/client';
import type { Page, Stream } from '../api/types';
import { ago, words } from '../format';
import { Confirm } from '../parts/Confirm';
import { Pager } from '../parts/Pager';
import { StatusPill } from '../parts/StatusPill';
import { useToast } from '../parts/Toasts';
import { useTitle } from '../parts/useTitle';
import { streamHref } from '../router';

const REFRESH_MS = 5_000;

export function StreamsPage() {
  const toast = useToast();
  useTitle('Streams');
  const [pageNumber, setPageNumber] = useState(1);
  const [page, setPage] = useState<Page<Stream> | null>(null);
  const [doomed, setDoomed] = useState<Stream | null>(null);

  const load = useCallback(async () => setPage(await api.streams(pageNumber)), [pageNumber]);

  useEffect(() => {
    load().catch(toast.failure);
    // A refresh that fails is not worth a message: the next one is 5 s away.
    const timer = setInterval(() => void load().catch(() => undefined), REFRESH_MS);
    return () => clearInterval(timer);
  }, [load, toast]);

  const remove = async (stream: Stream) => {
    setDoomed(null);
    try {
      await api.deleteStream(stream.id);
      await load();
    } catch (error) {
      toast.failure(error);
    }
  };

  return (
    <>
      <div className="page-head">
        <h1>Streams</h1>
        <CreateStream />
      </div>
      {page && page.data.length === 0 && <NoStreams />}
      {page && page.data.length > 0 && (
        <ul className="streams card" data-testid="stream-list">
          {page.data.map((stream) => (
            <Row key={stream.id} stream={stream} onDelete={() => setDoomed(stream)} />
          ))}
        </ul>
      )}
      {page && <Pager page={page} onPage={setPageNumber} />}
      {doomed && (
        <Confirm
          title={`Delete “${doomed.name}”?`}
          action="Delete stream"
          onConfirm={() => void remove(doomed)}
          onCancel={() => setDoomed(null)}
        >
          Its publisher is disconnected and what is held for clipping is deleted. Clips stay.
        </Confirm>
      )}
    </>
  );
}

function CreateStream() {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const create = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (!name) return;
    setBusy(true);
    try {
      location.hash = streamHref((await api.createStream(name)).id);
    } catch (error) {
      toast.failure(error);
      setBusy(false);
    }
  };
  return (
    <form className="row create" onSubmit={create}>
      <input
        name="name"
        required
        maxLength={100}
        placeholder="Name of a new stream"
        aria-label="Name of a new stream"
        data-testid="stream-create-name"
      />
      <button className="primary" disabled={isBusy} data-testid="stream-create-submit">
        Create
      </button>
    </form>
  );
}

function Row({ stream, onDelete }: { stream: Stream; onDelete: () => void }) {
  const clips = stream.clips_generated ?? 0;
  return (
    <li data-testid="stream-row" data-stream-id={stream.id}>
      <StatusPill status={stream.status} />
      <a className="cover" href={streamHref(stream.id)} data-testid="stream-link">
        {stream.name}
      </a>
      <span className="muted">{stream.platform ? words(stream.platform) : ''}</span>
      <span className="muted figures">
        {clips} {clips === 1 ? 'clip' : 'clips'}
      </span>
      <span className="muted figures">
        {stream.status === 'active' ? 'now' : ago(stream.last_seen_at, Date.now())}
      </span>
      <button
        className="small above"
        onClick={onDelete}
        aria-label={`Delete ${stream.name}`}
        data-testid="stream-delete"
      >
        Delete
      </button>
      {stream.status === 'error' && stream.last_error && (
        <p className="bad-text">{stream.last_error}</p>
      )}
    </li>
  );
}

function NoStreams() {
  return (
    <div className="empty card">
      <h2>No stream yet</h2>
      <p>
        Name one above. You get an address for OBS or ffmpeg, and clips appear here the moment
        something happens.
      </p>
    </div>
  );
}
