import { useCallback, useEffect, useReducer, useRef } from 'react';
import { ApiError, api } from '../api/client';
import { LiveLink } from '../api/live';
import { useToast } from '../parts/Toasts';
import { EMPTY_STATE, reduce, type StreamAction, type StreamState } from './state';

const POLL_MS = 5_000;
const HEALTH_MS = 2_000;

export interface StreamView {
  state: StreamState;
  dispatch: (action: StreamAction) => void;
  /** Asks the server for the stream and its newest clips again. */
  reload: () => Promise<void>;
}

/** Follows one stream: by messages while the socket lives, by asking every 5 s otherwise. */
export function useStream(id: string): StreamView {
  const [state, dispatch] = useReducer(reduce, EMPTY_STATE);
  const { link } = state;
  const failed = useFailureToast();

  const reload = useCallback(async () => {
    try {
      const [stream, clips] = await Promise.all([api.stream(id), api.streamClips(id, 1)]);
      dispatch({ kind: 'stream', stream });
      dispatch({ kind: 'clips', clips: clips.data, total: clips.total });
    } catch (error) {
      failed(error);
    }
  }, [id, failed]);

  const reloadHealth = useCallback(async () => {
    try {
      dispatch({ kind: 'health', health: await api.health(id) });
    } catch (error) {
      failed(error);
    }
  }, [id, failed]);

  useEffect(() => {
    const live = new LiveLink(id, {
      onMessage: (message) => {
        dispatch({ kind: 'message', message, nowMs: performance.now() });
        if (message.type === 'stream.started' || message.type === 'stream.ended') void reload();
      },
      onState: (link) => {
        dispatch({ kind: 'link', link });
        // What happened while the link was away is only known to the server.
        if (link === 'live') void reload();
      },
    });
    return () => live.close();
  }, [id, reload]);

  useEffect(() => {
    void reload();
  }, [reload]);

  useEffect(() => {
    if (link !== 'polling') return;
    void reload();
    const timer = setInterval(() => void reload(), POLL_MS);
    return () => clearInterval(timer);
  }, [link, reload]);

  useEffect(() => {
    void reloadHealth();
    const timer = setInterval(() => void reloadHealth(), link === 'polling' ? POLL_MS : HEALTH_MS);
    return () => clearInterval(timer);
  }, [link, reloadHealth]);

  return { state, dispatch, reload };
}

/** Shows a failure once, not at every tick of a poll; a stream that is gone leads to the list. */
function useFailureToast(): (error: unknown) => void {
  const toast = useToast();
  const lastCode = useRef('');
  return useCallback(
    (error: unknown) => {
      const code = error instanceof ApiError ? error.code : 'UNEXPECTED';
      const isGone = error instanceof ApiError && (error.status === 404 || error.status === 400);
      if (isGone) location.hash = '#/streams';
      if (code !== lastCode.current) toast.failure(error);
      lastCode.current = code;
      setTimeout(() => (lastCode.current = ''), 60_000);
    },
    [toast],
  );
}
