import { describe, expect, it } from 'vitest';
import type { Clip, Job, JobMessage } from '../src/api/types';
import { advanced, sourceName, stepLabel, withClip } from '../src/jobs/jobs';
import { parseRoute } from '../src/router';

const JOB: Job = {
  ...{ id: 'j', status: 'analyzing', progress: 10, clip_count: 0, created_at: '2026-11-20T12:00:00Z' },
  source_url: 'https://videos.example.org/a/talk.mp4?x=1',
  steps: [
    { name: 'ingest', status: 'completed', attempt_count: 1, duration_ms: 9, error_message: null },
    { name: 'scene_detect', status: 'running', attempt_count: 1, duration_ms: null, error_message: null },
  ],
};

function message(type: string, data: unknown): JobMessage {
  return { type, job_id: 'j', at: '', data } as JobMessage;
}

describe('jobs', () => {
  it('follows progress of the steps that run, and rows that are new', () => {
    const progress = { status: 'analyzing', progress: 17, steps: ['scene_detect'], done: 0.5 };
    const moved = advanced(JOB, message('job.progress', progress));
    expect(moved.progress).toBe(17);
    expect(moved.steps.map(({ done }) => done)).toEqual([undefined, 0.5]);

    const row = {
      ...{ name: 'render:clip-01', status: 'running', attempt_count: 1, duration_ms: null },
      ...{ error_message: null, job_status: 'rendering', progress: 50 },
    };
    const grown = advanced(moved, message('job.step', row));
    expect(grown.status).toBe('rendering');
    expect(grown.steps[2]).toMatchObject({ name: 'render:clip-01', done: 0 });
    expect(grown.steps[2]).not.toHaveProperty('job_status');
  });

  it('names sources, steps and addresses', () => {
    expect(sourceName(JOB)).toBe('talk.mp4');
    const key = `w/uploads/${'01234567-89ab-cdef-0123-456789abcdef'}`;
    expect(sourceName({ ...JOB, source_url: null, source_file_key: key })).toMatch(/^Upload, /);
    expect(stepLabel('render:clip-01')).toBe('Render clip 01');
    expect(parseRoute('#/jobs')).toEqual({ page: 'jobs' });
    expect(parseRoute('#/jobs/a%20b')).toEqual({ page: 'job', id: 'a b' });
  });

  it('keeps each clip once, as it is now', () => {
    const clip = { id: 'c', status: 'rendering' } as Clip;
    expect(withClip([clip], { ...clip, status: 'ready' })).toEqual([{ id: 'c', status: 'ready' }]);
    expect(withClip([], clip)).toEqual([clip]);
  });
});
