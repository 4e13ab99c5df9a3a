/**
 * The signed-in session. It lives in localStorage, not sessionStorage: refresh tokens rotate, so
 * tabs that each kept a copy would sign one another out; a shared place gives every tab the newest
 * pair and keeps a streamer signed in over a browser restart. Either store is equally open to a
 * script in the page, which is why the page loads no script but its own.
 */
export interface Session {
  accessToken: string;
  refreshToken: string;
  email: string;
}

const KEY = 'halcyon.session';
const listeners = new Set<() => void>();
let cachedText: string | null = null;
let cached: Session | null = null;

export function currentSession(): Session | null {
  const text = localStorage.getItem(KEY);
  if (text !== cachedText) {
    cachedText = text;
    cached = parse(text);
  }
  return cached;
}

export function storeSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session));
  notify();
}

export function endSession(): void {
  localStorage.removeItem(KEY);
  notify();
}

/** Calls back on every change, also one made by another tab. Returns the way to stop. */
export function onSessionChange(listener: () => void): () => void {
  const onStorage = (event: StorageEvent) => {
    if (event.key === KEY || event.key === null) listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', onStorage);
  };
}

/**
 * Takes `#token=…&refresh=…[&stream=…]` out of the address, once, so that a link printed on the
 * machine signs its reader in. The fragment never reaches a server; it is removed from the address
 * bar and the history entry.
 */
export function adoptSessionFromFragment(): void {
  const given = new URLSearchParams(location.hash.replace(/^#/, ''));
  const accessToken = given.get('token');
  if (location.hash.startsWith('#/') || !accessToken) return;
  const stream = given.get('stream');
  history.replaceState(null, '', stream ? `#/streams/${encodeURIComponent(stream)}` : '#/streams');
  storeSession({ accessToken, refreshToken: given.get('refresh') ?? '', email: '' });
}

function parse(text: string | null): Session | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<Session>;
    if (typeof value.accessToken !== 'string' || typeof value.refreshToken !== 'string') return null;
    return {
      accessToken: value.accessToken,
      refreshToken: value.refreshToken,
      email: value.email ?? '',
    };
  } catch {
    return null;
  }
}

function notify(): void {
  for (const listener of listeners) listener();
}
