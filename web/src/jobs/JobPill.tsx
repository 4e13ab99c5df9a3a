import type { JobStatus } from '../api/types';
import { LABELS } from './jobs';

/** A job's state as a coloured dot with its word. */
export function JobPill({ status }: { status: JobStatus }) {
  return (
    <span className={`status job-${status}`} data-testid="job-status" data-status={status}>
      <i aria-hidden="true" />
      {LABELS[status] ?? status}
    </span>
  );
}
