-- Batch work: a video in, clips out. A job's status follows from its steps, in one transaction with
-- them; revision counts the changes, so that nobody writes over what somebody else has changed.
-- owner_node works on the job while its locked_at is renewed. wake_at: when a step that waits for its
-- next attempt may begin. The bulk (transcript, analysis) lies in files, which go when they are old.
CREATE TABLE jobs (
    id                uuid PRIMARY KEY,
    workspace_id      uuid NOT NULL REFERENCES workspaces (id),
    user_id           uuid NOT NULL REFERENCES users (id),
    mode              text NOT NULL CHECK (mode IN ('vod')),
    status            text NOT NULL CHECK (status IN
                      ('created', 'ingesting', 'analyzing', 'clips_generated', 'rendering', 'review',
                       'publishing', 'completed', 'failed', 'cancelled', 'paused')),
    source_file_key   text CHECK (length(source_file_key) <= 300),
    source_url        text CHECK (length(source_url) <= 2000),
    settings          jsonb NOT NULL,
    transcript_format text CHECK (transcript_format IN ('json', 'srt', 'vtt')),
    transcript        text,
    is_auto_approved  boolean NOT NULL,
    failure_code      text,
    failure_message   text,
    revision          bigint NOT NULL,
    trace_id          text NOT NULL CHECK (trace_id ~ '^[0-9a-f]{32}$'),
    owner_node        text,
    locked_at         timestamptz,
    wake_at           timestamptz,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    completed_at      timestamptz,
    deleted_at        timestamptz,
    artifacts_gone_at timestamptz,
    CHECK (num_nulls(source_file_key, source_url) = 1),
    CHECK (num_nulls(transcript_format, transcript) IN (0, 2)),
    CHECK (num_nulls(failure_code, failure_message) IN (0, 2)),
    CHECK (num_nulls(owner_node, locked_at) IN (0, 2))
);
CREATE INDEX jobs_workspace ON jobs (workspace_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX jobs_waiting ON jobs (created_at)
    WHERE status IN ('created', 'ingesting', 'analyzing', 'rendering');
CREATE INDEX jobs_owned ON jobs (owner_node) WHERE owner_node IS NOT NULL;
CREATE INDEX jobs_artifacts ON jobs (updated_at) WHERE artifacts_gone_at IS NULL;

-- part: which clip, for rendering. inputs: a digest of what went into the last attempt. done: how far
-- it is while it runs, 0..1. took_ms: its own working time. span_id: of the last attempt.
CREATE TABLE job_steps (
    job_id           uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    step             text NOT NULL CHECK (step IN
                     ('ingest', 'transcribe', 'diarize', 'scene_detect', 'face_track',
                      'audio_analyze', 'clip_select', 'render', 'export')),
    part             text NOT NULL,
    status           text NOT NULL CHECK (status IN
                     ('pending', 'running', 'completed', 'failed', 'skipped', 'cancelled')),
    attempts         integer NOT NULL CHECK (attempts >= 0),
    attempts_allowed integer NOT NULL CHECK (attempts_allowed >= attempts),
    inputs           text NOT NULL,
    done             double precision NOT NULL DEFAULT 0,
    not_before       timestamptz,
    started_at       timestamptz,
    ended_at         timestamptz,
    took_ms          bigint CHECK (took_ms >= 0),
    output           text NOT NULL,
    failure_code     text,
    failure_message  text,
    span_id          text NOT NULL CHECK (span_id ~ '^[0-9a-f]{16}$'),
    PRIMARY KEY (job_id, step, part),
    CHECK (num_nulls(failure_code, failure_message) IN (0, 2))
);
