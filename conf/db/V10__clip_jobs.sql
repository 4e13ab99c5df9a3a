-- A clip belongs to a stream or to a job over a file. No reference to the job: its row may be
-- forgotten while its clips stay.
ALTER TABLE clips
    ADD COLUMN job_id uuid,
    ADD CHECK (num_nonnulls(stream_id, job_id) = 1);

CREATE INDEX clips_job ON clips (job_id, created_at DESC) WHERE deleted_at IS NULL;
