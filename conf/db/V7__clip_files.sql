-- Files that were made of a clip's version and can be made again: other containers, previews, the
-- strip. options tells files of one kind apart; grid says how a strip's tiles lie.
CREATE TABLE clip_files (
    clip_id      uuid NOT NULL,
    version      integer NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('mkv', 'ts', 'gif', 'webp', 'poster_webp', 'strip')),
    options      text NOT NULL CHECK (length(options) <= 100),
    blob_key     text NOT NULL,
    size_bytes   bigint NOT NULL CHECK (size_bytes >= 0),
    sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    content_type text NOT NULL,
    grid         jsonb,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (clip_id, version, kind, options),
    FOREIGN KEY (clip_id, version) REFERENCES clip_versions (clip_id, version) ON DELETE CASCADE,
    CHECK ((kind = 'strip') = (grid IS NOT NULL))
);
CREATE INDEX clip_files_blob ON clip_files (blob_key);

CREATE OR REPLACE VIEW blob_references AS
    SELECT v.blob_key, v.clip_id, 'version' AS kind, v.size_bytes, v.fault, v.created_at AS since,
           c.purged_at IS NOT NULL AS is_going
    FROM clip_versions v JOIN clips c ON c.id = v.clip_id
    UNION ALL
    SELECT c.poster_key, c.id, 'poster', NULL, NULL,
           coalesce((SELECT max(v.created_at) FROM clip_versions v WHERE v.clip_id = c.id), now()),
           c.purged_at IS NOT NULL
    FROM clips c WHERE c.poster_key IS NOT NULL
    UNION ALL
    SELECT f.blob_key, f.clip_id, 'derived', f.size_bytes, NULL, f.created_at,
           c.purged_at IS NOT NULL
    FROM clip_files f JOIN clips c ON c.id = f.clip_id;
