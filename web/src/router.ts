import { useMemo, useSyncExternalStore } from 'react';

/**
 * The page's address, kept after the `#`, so that the server needs no rule for it:
 * `#/streams`, `#/streams/{id}`, `#/jobs`, `#/jobs/{id}`, `#/clips?stream=…&status=…&page=…`, `#/share/{id}?exp=…&sig=…`.
 */
export type Route =
  | { page: 'share'; id: string; query: URLSearchParams }
  | { page: 'streams' }
  | { page: 'stream'; id: string }
  | { page: 'jobs' }
  | { page: 'job'; id: string }
  | { page: 'clips'; query: URLSearchParams };

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [page, id] = path.split('/');
  if (page === 'streams' && id) return { page: 'stream', id: decoded(id) };
  if (page === 'jobs') return id ? { page: 'job', id: decoded(id) } : { page: 'jobs' };
  if (page === 'share' && id) {
    return { page: 'share', id: decoded(id), query: new URLSearchParams(query) };
  }
  if (page === 'clips') return { page: 'clips', query: new URLSearchParams(query) };
  return { page: 'streams' };
}

/** The address of the clips page; empty filters are left out. */
export function clipsHref(filters: Record<string, string>): string {
  const kept = Object.entries(filters).filter(([, value]) => value !== '');
  return kept.length === 0 ? '#/clips' : `#/clips?${new URLSearchParams(kept)}`;
}

export function streamHref(id: string): string {
  return `#/streams/${encodeURIComponent(id)}`;
}

export function jobHref(id: string): string {
  return `#/jobs/${encodeURIComponent(id)}`;
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
