import { useCallback, useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Job, Page } from '../api/types';
import { ago } from '../format';
import { CreateJob } from '../jobs/CreateJob';
import { JobPill } from '../jobs/JobPill';
import { isWorking, sourceName } from '../jobs/jobs';
import { Pager } from '../parts/Pager';
import { useToast } from '../parts/Toasts';
import { useTitle } from '../parts/useTitle';
import { jobHref } from '../router';

const REFRESH_MS = 3_000;

export function JobsPage() {
  const toast = useToast();
  useTitle('Jobs');
  const [pageNumber, setPageNumber] = useState(1);
  const [page, setPage] = useState<Page<Job> | null>(null);
  const load = useCallback(async () => setPage(await api.jobs(pageNumber)), [pageNumber]);

  useEffect(() => {
    load().catch(toast.failure);
    const timer = setInterval(() => void load().catch(() => undefined), REFRESH_MS);
    return () => clearInterval(timer);
  }, [load, toast]);

  return (
    <>
      <div className="page-head">
        <h1>Jobs</h1>
      </div>
      <CreateJob />
      {page?.data.length === 0 && (
        <div className="empty card">
          <h2>No job yet</h2>
          <p>Name a finished video above: its best moments become clips, ready to post.</p>
        </div>
      )}
      {page && page.data.length > 0 && (
        <ul className="streams jobs card" data-testid="job-list">
          {page.data.map((job) => (
            <Row key={job.id} job={job} />
          ))}
        </ul>
      )}
      {page && <Pager page={page} onPage={setPageNumber} />}
    </>
  );
}

function Row({ job }: { job: Job }) {
  return (
    <li data-testid="job-row" data-job-id={job.id}>
      <JobPill status={job.status} />
      <a className="cover" href={jobHref(job.id)} data-testid="job-link">
        {sourceName(job)}
      </a>
      {isWorking(job) ? (
        <progress value={job.progress} max={100} aria-label="Done" />
      ) : (
        <span className="muted figures">
          {job.clip_count} {job.clip_count === 1 ? 'clip' : 'clips'}
        </span>
      )}
      <span className="muted figures">{ago(job.created_at, Date.now())}</span>
    </li>
  );
}
