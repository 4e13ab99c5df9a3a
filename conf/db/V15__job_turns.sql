-- When a node last took the job into hand: workspaces take turns, those that waited longest first.
ALTER TABLE jobs ADD COLUMN claimed_at timestamptz;

CREATE INDEX jobs_turns ON jobs (workspace_id, claimed_at DESC) WHERE claimed_at IS NOT NULL;
