-- What is wrong with a version's file: the store has lost it, or it has another size. Who finds it
-- right again clears it.
ALTER TABLE clip_versions ADD COLUMN fault text CHECK (fault IN ('lost', 'damaged'));

-- Every file that a row relies on, since when it should be there, and whether it is being deleted
-- with its clip. A file in the store that is not in here belongs to nobody: who adds another kind of
-- file to clips adds it here.
CREATE VIEW blob_references AS
    SELECT v.blob_key, v.clip_id, 'version' AS kind, v.size_bytes, v.fault, v.created_at AS since,
           c.purged_at IS NOT NULL AS is_going
    FROM clip_versions v JOIN clips c ON c.id = v.clip_id
    UNION ALL
    SELECT c.poster_key, c.id, 'poster', NULL, NULL,
           coalesce((SELECT max(v.created_at) FROM clip_versions v WHERE v.clip_id = c.id), now()),
           c.purged_at IS NOT NULL
    FROM clips c WHERE c.poster_key IS NOT NULL;

CREATE INDEX clip_versions_blob ON clip_versions (blob_key);
CREATE INDEX clips_poster ON clips (poster_key) WHERE poster_key IS NOT NULL;
