import { useState } from 'react';
import { api } from '../api/client';
import type { Job } from '../api/types';
import { ago } from '../format';
import { JobPill } from '../jobs/JobPill';
import { JobSteps } from '../jobs/JobSteps';
import { isAtEnd, isWorking, sourceName, waitsForWord } from '../jobs/jobs';
import { useJob } from '../jobs/useJob';
import { ClipCard } from '../parts/ClipCard';
import { Confirm } from '../parts/Confirm';
import { useToast } from '../parts/Toasts';
import { useNow } from '../parts/useNow';
import { useTitle } from '../parts/useTitle';

export function JobPage({ id }: { id: string }) {
  const { job, clips, reload, forgetClip } = useJob(id);
  const nowMs = useNow(10_000);
  useTitle(job ? sourceName(job) : 'Job');
  if (!job) return <p className="loading muted">Loading…</p>;
  return (
    <>
      <div className="page-head">
        <div className="row wrap name">
          <h1 data-testid="job-name">{sourceName(job)}</h1>
          <JobPill status={job.status} />
          <span className="muted">{ago(job.created_at, nowMs)}</span>
        </div>
        <Actions job={job} reload={reload} />
      </div>
      {job.status === 'failed' && job.error_message && (
        <p className="alert" role="status" data-testid="job-error">
          {job.error_message}
        </p>
      )}
      <div className="stream-grid">
        <section className="stream-main" aria-label="Clips">
          {clips.length === 0 && <NoClips job={job} />}
          <div className="clips" data-testid="clip-list">
            {clips.map((clip) => (
              <ClipCard key={clip.id} clip={clip} onDeleted={forgetClip} />
            ))}
          </div>
        </section>
        <aside className="stream-side">
          <JobSteps job={job} />
        </aside>
      </div>
    </>
  );
}

function NoClips({ job }: { job: Job }) {
  return (
    <div className="empty card">
      <p>
        {isAtEnd(job)
          ? 'No clip was made of this video.'
          : 'The best moments appear here once the video has been looked through.'}
      </p>
    </div>
  );
}

function Actions({ job, reload }: { job: Job; reload: () => Promise<void> }) {
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);

  const act = (action: () => Promise<unknown>) => async () => {
    setBusy(true);
    setAsking(false);
    try {
      await action();
      await reload();
    } catch (error) {
      toast.failure(error);
    }
    setBusy(false);
  };
  const remove = async () => {
    await api.deleteJob(job.id);
    if (isAtEnd(job)) location.hash = '#/jobs';
  };

  return (
    <div className="row">
      {waitsForWord(job) && (
        <button
          className="primary"
          disabled={isBusy}
          onClick={act(() => api.actOnJob(job.id, 'approve'))}
          data-testid="job-approve"
        >
          {job.status === 'review' ? 'They are good' : 'Render them'}
        </button>
      )}
      {job.status === 'failed' && job.has_artifacts !== false && (
        <button
          className="primary"
          disabled={isBusy}
          onClick={act(() => api.retryJob(job.id))}
          data-testid="job-retry"
        >
          Try again
        </button>
      )}
      {isWorking(job) && (
        <button disabled={isBusy} onClick={act(() => api.actOnJob(job.id, 'pause'))}>
          Pause
        </button>
      )}
      {job.status === 'paused' && (
        <button disabled={isBusy} onClick={act(() => api.actOnJob(job.id, 'resume'))}>
          Resume
        </button>
      )}
      <button disabled={isBusy} onClick={() => setAsking(true)} data-testid="job-delete">
        {isAtEnd(job) ? 'Remove' : 'Cancel'}
      </button>
      {isAsking && (
        <Confirm
          title={isAtEnd(job) ? 'Remove this job?' : 'Cancel this job?'}
          action={isAtEnd(job) ? 'Remove job' : 'Cancel job'}
          onConfirm={() => void act(remove)()}
          onCancel={() => setAsking(false)}
        >
          Clips that are ready stay.
        </Confirm>
      )}
    </div>
  );
}
