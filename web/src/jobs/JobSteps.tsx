import type { Job, JobStep } from '../api/types';
import { stepLabel } from './jobs';

/** The steps of a job in their order, the one that runs with a bar. */
export function JobSteps({ job }: { job: Job }) {
  const shown = job.steps.filter(({ status }) => status !== 'skipped');
  return (
    <section className="card" aria-label="Steps">
      <div className="row spread section-head">
        <h2>Steps</h2>
        <span className="muted figures" data-testid="job-progress">
          {job.progress} %
        </span>
      </div>
      <progress value={job.progress} max={100} aria-label="The whole job" />
      <ol className="steps">
        {shown.map((step) => (
          <Step key={step.name} step={step} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step }: { step: JobStep }) {
  return (
    <li className={`step ${step.status}`} data-testid="job-step" data-status={step.status}>
      <i aria-hidden="true" />
      <span>{stepLabel(step.name)}</span>
      <span className="muted figures small-text">{figure(step)}</span>
      {step.status === 'running' && (
        <progress value={step.done ?? 0} max={1} aria-label={stepLabel(step.name)} />
      )}
      {step.error_message && step.status !== 'completed' && (
        <p className="small-text bad-text">{step.error_message}</p>
      )}
    </li>
  );
}

function figure(step: JobStep): string {
  if (step.status === 'running') return `${Math.round((step.done ?? 0) * 100)} %`;
  if (step.status === 'pending' && step.next_attempt_at) return 'tried again soon';
  if (step.status === 'failed' || step.status === 'cancelled') return step.status;
  if (step.duration_ms === null) return '';
  return step.duration_ms < 1 ? 'known' : `${(step.duration_ms / 1000).toFixed(1)} s`;
}
