import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../src/api/client';
import { LiveLink, type LinkState } from '../src/api/live';
import { currentSession, storeSession } from '../src/api/session';

/** A socket that the test opens, fills and closes by hand. */
class FakeSocket {
  static made: FakeSocket[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: () => void;
  constructor(readonly url: string) {
    FakeSocket.made.push(this);
  }
  close(): void {
    this.onclose?.();
  }
  receive(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function answer(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>();
let states: LinkState[];
let types: string[];

beforeEach(() => {
  const stored = new Map<string, string>();
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
  vi.stubGlobal('location', { protocol: 'http:', host: 'here:8080' });
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', fetched.mockReset());
  FakeSocket.made = [];
  states = [];
  types = [];
  storeSession({ accessToken: 'one', refreshToken: 'r1', email: '' });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function open(): LiveLink {
  return new LiveLink('s', {
    onState: (state) => states.push(state),
    onMessage: ({ type }) => types.push(type),
  });
}

function refreshes(): void {
  fetched.mockImplementation(async (path, init) => {
    if (path === '/api/auth/refresh') return answer(200, { access_token: 'two', refresh_token: 'r2' });
    const isNew = (init.headers as Record<string, string>)['Authorization'] === 'Bearer two';
    return isNew ? answer(200, { id: 's' }) : answer(401, { error: { code: 'TOKEN_EXPIRED', message: '' } });
  });
}

describe('the live link', () => {
  it('passes messages on and skips what is not one', () => {
    open();
    FakeSocket.made[0]!.onopen?.();
    FakeSocket.made[0]!.onmessage?.({ data: 'garbage' });
    FakeSocket.made[0]!.receive({ type: 'signal', data: {} });
    expect(states).toEqual(['connecting', 'live']);
    expect(types).toEqual(['signal']);
    expect(FakeSocket.made[0]!.url).toBe('ws://here:8080/ws/stream/s?token=one');
  });

  it('falls back to polling when the socket fails and comes back by itself', async () => {
    open();
    FakeSocket.made[0]!.close();
    expect(states).toEqual(['connecting', 'polling']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.made.length).toBe(2);
    FakeSocket.made[1]!.onopen?.();
    expect(states).toEqual(['connecting', 'polling', 'live']);
  });

  it('gives up on a handshake that is never answered', async () => {
    open();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(states).toEqual(['connecting', 'polling']);
  });

  it('renews an expired token and reconnects without a word', async () => {
    refreshes();
    open();
    FakeSocket.made[0]!.onopen?.();
    FakeSocket.made[0]!.receive({ type: 'token_expired' });
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.made[1]?.url).toBe('ws://here:8080/ws/stream/s?token=two');
    expect(states).toEqual(['connecting', 'live']);
  });

  it('stays closed once closed', async () => {
    open().close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.made.length).toBe(1);
    expect(states).toEqual(['connecting']);
  });
});

describe('the client', () => {
  it('refreshes once for calls that expire together', async () => {
    refreshes();
    await Promise.all([api.stream('s'), api.stream('s'), api.health('s')]);
    const paths = fetched.mock.calls.map(([path]) => path);
    expect(paths.filter((path) => path === '/api/auth/refresh').length).toBe(1);
    expect(currentSession()).toEqual({ accessToken: 'two', refreshToken: 'r2', email: '' });
  });

  it('ends the session when the server refuses the refresh token', async () => {
    fetched.mockImplementation(async () => answer(401, { error: { code: 'UNAUTHORIZED', message: 'No.' } }));
    await expect(api.stream('s')).rejects.toMatchObject({ code: 'UNAUTHORIZED', message: 'No.' });
    expect(currentSession()).toBeNull();
  });

  it('keeps the session when the server cannot be reached', async () => {
    fetched.mockImplementation(async (path) => {
      if (path === '/api/auth/refresh') throw new TypeError('no network');
      return answer(401, { error: { code: 'TOKEN_EXPIRED', message: '' } });
    });
    await expect(api.stream('s')).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(currentSession()?.refreshToken).toBe('r1');
  });

  it('states a failure that is not in the shape of the contract', async () => {
    fetched.mockImplementation(async () => new Response('<html>', { status: 502 }));
    await expect(api.stream('s')).rejects.toMatchObject({ status: 502, code: 'HTTP_502' });
  });
});
