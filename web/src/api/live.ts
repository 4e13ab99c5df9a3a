import { refreshedToken } from './client';
import { currentSession } from './session';
import type { JobMessage, StreamMessage } from './types';

/** `polling`: the socket cannot be had; whoever shows the stream should ask the server instead. */
export type LinkState = 'connecting' | 'live' | 'polling';

export interface LiveListener<M> {
  onMessage(message: M): void;
  onState(state: LinkState): void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A proxy that swallows the upgrade would leave the page waiting for ever. */
const HANDSHAKE_TIMEOUT_MS = 6_000;
/** A connection that lasted this long was a good one: its end starts the back-off anew. */
const HEALTHY_AFTER_MS = 5_000;

/** Wait before attempt `failures + 1`: doubles, with a quarter of jitter against a herd. */
export function retryDelayMs(failures: number, random: number): number {
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
  return delayMs * (0.75 + 0.5 * random);
}

/**
 * Follows one stream or job over a WebSocket, for as long as it is not closed: reconnects with back-off,
 * refreshes an expired token, and says `polling` after the first attempt that fails.
 */
export class LiveLink<M extends StreamMessage | JobMessage = StreamMessage> {
  private socket: WebSocket | null = null;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(
    private readonly id: string,
    private readonly listener: LiveListener<M>,
    private readonly kind: 'stream' | 'jobs' = 'stream',
  ) {
    listener.onState('connecting');
    this.connect();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  private connect(): void {
    const token = currentSession()?.accessToken;
    if (this.isClosed || !token) return;
    const socket = new WebSocket(socketUrl(this.kind, this.id, token));
    this.socket = socket;
    const handshake = setTimeout(() => socket.close(), HANDSHAKE_TIMEOUT_MS);
    let isExpired = false;
    let openedAtMs = Infinity;
    socket.onopen = () => {
      clearTimeout(handshake);
      openedAtMs = performance.now();
      if (!this.isClosed) this.listener.onState('live');
    };
    socket.onmessage = (event) => {
      const message = parse<M>(event.data);
      if (this.isClosed || !message) return;
      if (message.type === 'token_expired') {
        isExpired = true;
        socket.close();
      } else {
        this.listener.onMessage(message);
      }
    };
    socket.onclose = () => {
      clearTimeout(handshake);
      if (performance.now() - openedAtMs > HEALTHY_AFTER_MS) this.failures = 0;
      if (this.socket === socket) this.onClosed(token, isExpired);
    };
  }

  private onClosed(token: string, isExpired: boolean): void {
    if (this.isClosed) return;
    if (isExpired && this.failures === 0) {
      this.failures = 1;
      refreshedToken(token).then(
        () => this.connect(),
        () => this.retryLater(),
      );
    } else {
      this.retryLater();
    }
  }

  private retryLater(): void {
    if (this.isClosed) return;
    this.listener.onState('polling');
    this.timer = setTimeout(() => this.connect(), retryDelayMs(this.failures, Math.random()));
    this.failures += 1;
  }
}

function socketUrl(kind: string, id: string, token: string): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const path = `/ws/${kind}/${encodeURIComponent(id)}`;
  return `${scheme}://${location.host}${path}?token=${encodeURIComponent(token)}`;
}

function parse<M>(text: unknown): M | null {
  if (typeof text !== 'string') return null;
  try {
    return JSON.parse(text) as M;
  } catch {
    return null;
  }
}
