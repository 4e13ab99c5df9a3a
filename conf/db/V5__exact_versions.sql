-- A clip's file for players that ignore edit lists; one at most.
ALTER TABLE clip_versions DROP CONSTRAINT clip_versions_kind_check;
ALTER TABLE clip_versions
    ADD CONSTRAINT clip_versions_kind_check CHECK (kind IN ('instant', 'exact', 'render'));

CREATE UNIQUE INDEX clip_versions_exact ON clip_versions (clip_id) WHERE kind = 'exact';
