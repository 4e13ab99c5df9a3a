-- Where clips are kept in an S3 store: what of the files is there (stored_at), and what waits to be
-- brought there by the node that has it. A row is written after its file and goes after it; what is
-- missing here is found by comparing files, objects and rows. No foreign key: a file may be there
-- before the row that relies on it, and has no kind here. Keys are in the order of their bytes, as
-- stores list them.
CREATE TABLE blob_uploads (
    blob_key        text COLLATE "C" PRIMARY KEY,
    node_id         text NOT NULL,
    size_bytes      bigint NOT NULL CHECK (size_bytes >= 0),
    added_at        timestamptz NOT NULL,
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    upload_id       text,
    failure         text,
    stored_at       timestamptz,
    is_local        boolean NOT NULL DEFAULT true,
    used_at         timestamptz NOT NULL
);
CREATE INDEX blob_uploads_due ON blob_uploads (node_id, next_attempt_at) WHERE stored_at IS NULL;
CREATE INDEX blob_uploads_local ON blob_uploads (node_id, used_at)
    WHERE stored_at IS NOT NULL AND is_local;
CREATE INDEX blob_uploads_here ON blob_uploads (node_id) WHERE stored_at IS NULL OR is_local;
