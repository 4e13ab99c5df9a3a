import type { Clip, Job, JobMessage, JobStatus, JobStep } from '../api/types';

export const LABELS: Record<JobStatus, string> = {
  created: 'Waiting',
  ingesting: 'Reading',
  analyzing: 'Analysing',
  clips_generated: 'Clips chosen',
  rendering: 'Rendering',
  review: 'To review',
  publishing: 'Publishing',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  paused: 'Paused',
};

const STEPS: Record<string, string> = {
  ingest: 'Read the video',
  transcribe: 'Words',
  diarize: 'Speakers',
  scene_detect: 'Scenes',
  face_track: 'Faces',
  audio_analyze: 'Sound',
  clip_select: 'Choose clips',
  export: 'Subtitles and projects',
};

const ENDS: JobStatus[] = ['completed', 'failed', 'cancelled'];

export function isAtEnd(job: Job): boolean {
  return ENDS.includes(job.status);
}

export function isWorking(job: Job): boolean {
  return ['created', 'ingesting', 'analyzing', 'rendering'].includes(job.status);
}

export function waitsForWord(job: Job): boolean {
  return job.status === 'clips_generated' || job.status === 'review';
}

export function stepLabel(name: string): string {
  const [step = name, part] = name.split(':');
  return part ? `Render ${part.replace('-', ' ')}` : (STEPS[step] ?? step);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a job is called: the last part of its source, or when an upload without a name came. */
export function sourceName(job: Job): string {
  const source = job.source_url ?? job.source_file_key ?? '';
  const last = source.replace(/[?#].*$/, '').replace(/\/+$/, '').split('/').pop() ?? '';
  if (UUID.test(last)) return `Upload, ${new Date(job.created_at).toLocaleString()}`;
  return last || source;
}

/** The job after a message; the same object when the message says nothing new. */
export function advanced(job: Job, message: JobMessage): Job {
  switch (message.type) {
    case 'job.step': {
      const { job_status: status, progress, ...step } = message.data;
      return { ...job, status, progress, steps: withStep(job.steps, step) };
    }
    case 'job.progress': {
      const { status, progress, steps, done } = message.data;
      const told = job.steps.map((step) => (steps.includes(step.name) ? { ...step, done } : step));
      return { ...job, status, progress, steps: told };
    }
    default:
      return job;
  }
}

function withStep(steps: JobStep[], changed: JobStep): JobStep[] {
  const done = changed.status === 'completed' || changed.status === 'skipped' ? 1 : 0;
  const next = { ...changed, done };
  return steps.some(({ name }) => name === changed.name)
    ? steps.map((step) => (step.name === changed.name ? next : step))
    : [...steps, next];
}

/** The clips with one of them as it is now. */
export function withClip(clips: Clip[], changed: Clip): Clip[] {
  return clips.some(({ id }) => id === changed.id)
    ? clips.map((clip) => (clip.id === changed.id ? changed : clip))
    : [...clips, changed];
}
