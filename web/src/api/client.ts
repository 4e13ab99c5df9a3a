import { currentSession, endSession, storeSession } from './session';
import type {
  Clip,
  DetectionSettings,
  Health,
  Job,
  JobOrder,
  Page,
  Recording,
  SharedClip,
  Stream,
  StreamSettings,
  Verification,
} from './types';

/** A failure as the server states it: `{"error":{"code","message","trace_id"}}`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly traceId?: string,
  ) {
    super(message);
  }
}

interface Tokens {
  access_token: string;
  refresh_token: string;
}

export async function register(email: string, password: string, name: string): Promise<void> {
  await call('POST', '/api/auth/register', { email, password, name }, null);
}

export async function login(email: string, password: string): Promise<void> {
  const tokens = await call<Tokens>('POST', '/api/auth/login', { email, password }, null);
  storeSession({ accessToken: tokens.access_token, refreshToken: tokens.refresh_token, email });
}

export async function logout(): Promise<void> {
  const session = currentSession();
  endSession();
  if (!session) return;
  const body = { refresh_token: session.refreshToken };
  await call('POST', '/api/auth/logout', body, session.accessToken);
}

/** What a link leads to; whoever has it needs no account. */
export function sharedClip(id: string, query: URLSearchParams): Promise<SharedClip> {
  return call<SharedClip>('GET', `/api/share/${encodeURIComponent(id)}?${query}`, undefined, null);
}

const streamPath = (id: string) => `/api/streams/${encodeURIComponent(id)}`;
const jobPath = (id: string) => `/api/jobs/${encodeURIComponent(id)}`;
const clipPath = (id: string) => `/api/clips/${encodeURIComponent(id)}`;

export const api = {
  streams: (page: number) => authorised<Page<Stream>>('GET', `/api/streams?page=${page}&limit=50`),
  createStream: (name: string) =>
    authorised<Stream>('POST', '/api/streams', { name, source: { type: 'push' } }),
  stream: (id: string) => authorised<Stream>('GET', streamPath(id)),
  health: (id: string) => authorised<Health>('GET', `${streamPath(id)}/health`),
  deleteStream: (id: string) => authorised<void>('DELETE', streamPath(id)),
  pause: (id: string) => authorised<unknown>('POST', `${streamPath(id)}/pause`),
  resume: (id: string) => authorised<unknown>('POST', `${streamPath(id)}/resume`),
  saveDetection: (id: string, detection: DetectionSettings) =>
    authorised<Stream>('PATCH', streamPath(id), { settings: { detection } }),
  saveRecording: (id: string, recording: StreamSettings['recording']) =>
    authorised<Stream>('PATCH', streamPath(id), { settings: { recording } }),
  recording: (id: string) => authorised<Recording>('GET', `${streamPath(id)}/recording`),
  streamClips: (id: string, page: number) =>
    authorised<Page<Clip>>('GET', `${streamPath(id)}/clips?page=${page}&limit=24`),
  clipLast: (id: string, seconds: number) =>
    authorised<Clip>('POST', `${streamPath(id)}/clips`, { last_s: seconds }),
  clipRange: (id: string, fromUs: number, toUs: number) =>
    authorised<Clip>('POST', `${streamPath(id)}/clips`, { from_us: fromUs, to_us: toUs }),
  clips: (query: URLSearchParams) => authorised<Page<Clip>>('GET', `/api/clips?${query}`),
  clip: (id: string) => authorised<Clip>('GET', clipPath(id)),
  verifyClip: (id: string, version: number) =>
    patiently(() => authorised<Verification>('GET', `${clipPath(id)}/verify?version=${version}`)),
  deleteClip: (id: string) => authorised<void>('DELETE', clipPath(id)),
  jobs: (page: number) => authorised<Page<Job>>('GET', `/api/jobs?page=${page}&limit=20`),
  createJob: (order: JobOrder) => authorised<{ id: string }>('POST', '/api/jobs', order),
  job: (id: string) => authorised<Job>('GET', jobPath(id)),
  jobClips: (id: string) =>
    authorised<Page<Clip>>('GET', `/api/clips?job=${encodeURIComponent(id)}&limit=50`),
  actOnJob: (id: string, action: 'approve' | 'pause' | 'resume') =>
    authorised<Job>('POST', `${jobPath(id)}/${action}`),
  retryJob: (id: string) => authorised<Job>('POST', `${jobPath(id)}/retry`, {}),
  /** Cancels a job; hides one that is at its end. */
  deleteJob: (id: string) => authorised<void>('DELETE', jobPath(id)),
};

/** A few minutes of what the server asks to come back for. */
const MAX_RETURNS = 30;

/** Comes back for what takes the server longer than one request may. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let returns = 0; ; returns++) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 425 || returns === MAX_RETURNS) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

/** Calls with the session's token; on 401 refreshes it once and calls again. */
async function authorised<T>(method: string, path: string, body?: unknown): Promise<T> {
  const token = currentSession()?.accessToken ?? '';
  const idempotencyKey = method === 'POST' ? randomKey() : undefined;
  try {
    return await call<T>(method, path, body, token, idempotencyKey);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    return call<T>(method, path, body, await refreshedToken(token), idempotencyKey);
  }
}

let refreshing: Promise<string> | null = null;

/**
 * A token newer than `stale`: the one that another call or tab already fetched, or a fresh one.
 * When the server refuses the refresh token, the session ends.
 */
export function refreshedToken(stale: string): Promise<string> {
  const session = currentSession();
  if (session && session.accessToken !== stale) return Promise.resolve(session.accessToken);
  refreshing ??= refresh().finally(() => (refreshing = null));
  return refreshing;
}

async function refresh(): Promise<string> {
  const session = currentSession();
  if (!session) throw new ApiError(401, 'UNAUTHORIZED', 'You are signed out.');
  try {
    const body = { refresh_token: session.refreshToken };
    const tokens = await call<Tokens>('POST', '/api/auth/refresh', body, null);
    storeSession({
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      email: session.email,
    });
    return tokens.access_token;
  } catch (error) {
    const now = currentSession();
    if (now && now.refreshToken !== session.refreshToken) return now.accessToken;
    const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
    if (refused && error.status !== 429) endSession();
    throw error;
  }
}

async function call<T>(
  method: string,
  path: string,
  body: unknown,
  token: string | null,
  idempotencyKey?: string,
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (token !== null) headers['Authorization'] = `Bearer ${token}`;
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const text = body === undefined ? undefined : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body: text });
  } catch {
    throw new ApiError(0, 'UNREACHABLE', 'The server does not answer.');
  }
  const answer = await response.text();
  if (!response.ok) throw failure(response.status, answer);
  return (answer ? JSON.parse(answer) : undefined) as T;
}

function failure(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as {
      error: { code: string; message: string; trace_id?: string };
    };
    return new ApiError(status, error.code, error.message, error.trace_id);
  } catch {
    return new ApiError(status, `HTTP_${status}`, 'The server answered without an explanation.');
  }
}

/** Not `crypto.randomUUID`: that exists on https and localhost only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
