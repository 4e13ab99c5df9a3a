-- Files that users bring for jobs. expected: nothing has come yet; received: it is there as a whole;
-- confirmed: looked into, and fit for a job; refused: it is not, and its file is gone; gone: its time is
-- over, its file is being deleted. used_at: when a job last opened it.
CREATE TABLE uploads (
    id              uuid PRIMARY KEY,
    workspace_id    uuid NOT NULL REFERENCES workspaces (id),
    user_id         uuid NOT NULL REFERENCES users (id),
    filename        text NOT NULL CHECK (length(filename) <= 255),
    content_type    text NOT NULL CHECK (length(content_type) <= 100),
    size_bytes      bigint NOT NULL CHECK (size_bytes > 0),
    status          text NOT NULL
                    CHECK (status IN ('expected', 'received', 'confirmed', 'refused', 'gone')),
    facts           jsonb,
    failure_code    text,
    failure_message text,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz NOT NULL,
    CHECK ((status = 'confirmed') <= (facts IS NOT NULL)),
    CHECK (num_nulls(failure_code, failure_message) IN (0, 2))
);
CREATE INDEX uploads_workspace ON uploads (workspace_id, status);
CREATE INDEX uploads_used ON uploads (used_at);
