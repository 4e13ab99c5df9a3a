import { useCallback, useEffect, useState } from 'react';
import { api } from '../api/client';
import { LiveLink, type LinkState } from '../api/live';
import type { Clip, Job, JobMessage } from '../api/types';
import { useToast } from '../parts/Toasts';
import { advanced, withClip } from './jobs';

const POLL_MS = 5_000;

export interface JobView {
  job: Job | null;
  clips: Clip[];
  link: LinkState;
  reload: () => Promise<void>;
  forgetClip: (id: string) => void;
}

/** Follows one job: by messages while the socket lives, by asking every 5 s otherwise. */
export function useJob(id: string): JobView {
  const toast = useToast();
  const [job, setJob] = useState<Job | null>(null);
  const [clips, setClips] = useState<Clip[]>([]);
  const [link, setLink] = useState<LinkState>('connecting');

  const reload = useCallback(async () => {
    const [fresh, made] = await Promise.all([api.job(id), api.jobClips(id)]);
    setJob(fresh);
    setClips(made.data);
  }, [id]);

  useEffect(() => {
    const onMessage = (message: JobMessage) => {
      setJob((known) => known && advanced(known, message));
      if (message.type.startsWith('clip.')) {
        setClips((known) => withClip(known, message.data as Clip));
      } else if (message.type !== 'job.progress') {
        // Rows for rendering come with the choice of clips.
        reload().catch(() => undefined);
      }
    };
    const onState = (state: LinkState) => {
      setLink(state);
      if (state === 'live') reload().catch(() => undefined);
    };
    const live = new LiveLink<JobMessage>(id, { onMessage, onState }, 'jobs');
    return () => live.close();
  }, [id, reload]);

  useEffect(() => {
    reload().catch(toast.failure);
  }, [reload, toast]);

  useEffect(() => {
    if (link !== 'polling') return;
    const timer = setInterval(() => void reload().catch(() => undefined), POLL_MS);
    return () => clearInterval(timer);
  }, [link, reload]);

  const forgetClip = useCallback(
    (gone: string) => setClips((known) => known.filter((clip) => clip.id !== gone)),
    [],
  );
  return { job, clips, link, reload, forgetClip };
}
