import { useCallback, useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Clip, Page, Stream } from '../api/types';
import { ClipCard } from '../parts/ClipCard';
import { Pager } from '../parts/Pager';
import { useToast } from '../parts/Toasts';
import { useTitle } from '../parts/useTitle';
import { clipsHref } from '../router';

const REFRESH_MS = 5_000;
const PAGE_SIZE = '24';
const STATES: [value: string, label: string][] = [
  ['', 'Any state'],
  ['opened', 'Capturing'],
  ['sealed', 'Ready'],
  ['rendering', 'Rendering'],
  ['ready', 'Rendered'],
  ['failed', 'Failed'],
];

/** Clips of all streams; the filters are in the address, so that they can be shared. */
export function ClipsPage({ query }: { query: URLSearchParams }) {
  const toast = useToast();
  useTitle('Clips');
  const stream = query.get('stream') ?? '';
  const status = query.get('status') ?? '';
  const pageNumber = query.get('page') ?? '1';
  const [page, setPage] = useState<Page<Clip> | null>(null);
  const [streams, setStreams] = useState<Stream[]>([]);

  const load = useCallback(async () => {
    const asked = new URLSearchParams({ page: pageNumber, limit: PAGE_SIZE });
    if (stream) asked.set('stream', stream);
    if (status) asked.set('status', status);
    setPage(await api.clips(asked));
  }, [stream, status, pageNumber]);

  useEffect(() => {
    load().catch(toast.failure);
    const timer = setInterval(() => void load().catch(() => undefined), REFRESH_MS);
    return () => clearInterval(timer);
  }, [load, toast]);

  useEffect(() => {
    api.streams(1).then(({ data }) => setStreams(data), toast.failure);
  }, [toast]);

  const onDeleted = useCallback(() => void load().catch(toast.failure), [load, toast]);
  const go = (filters: Record<string, string>) =>
    (location.hash = clipsHref({ stream, status, ...filters }));
  const names = new Map(streams.map(({ id, name }) => [id, name]));

  return (
    <>
      <div className="page-head">
        <h1>Clips</h1>
        <div className="row">
          <select
            aria-label="Stream"
            value={stream}
            onChange={(event) => go({ stream: event.target.value })}
            data-testid="clips-filter-stream"
          >
            <option value="">All streams</option>
            {streams.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <select
            aria-label="State"
            value={status}
            onChange={(event) => go({ status: event.target.value })}
            data-testid="clips-filter-status"
          >
            {STATES.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
      </div>
      {page?.data.length === 0 && (
        <div className="empty card">
          <h2>No clips here</h2>
          <p>{stream || status ? 'Nothing fits these filters.' : 'They appear as your streams run.'}</p>
        </div>
      )}
      <div className="clips" data-testid="clip-list">
        {page?.data.map((clip) => (
          <ClipCard
            key={clip.id}
            clip={clip}
            streamName={names.get(clip.stream_id ?? '')}
            onDeleted={onDeleted}
          />
        ))}
      </div>
      {page && <Pager page={page} onPage={(next) => go({ page: String(next) })} />}
    </>
  );
}
