-- What people do with clips. revision counts their changes: whoever changes a clip next names the
-- one seen. A deleted clip (deleted_at) is hidden and can be restored until it is purged
-- (purged_at: the point of no return); its files are gone from emptied_at on. The emptied row stays
-- a while, so that a late write cannot bring the clip back.
ALTER TABLE clips
    ADD COLUMN revision    bigint NOT NULL DEFAULT 0,
    ADD COLUMN edited_at   timestamptz,
    ADD COLUMN approval    text NOT NULL DEFAULT 'pending'
                           CHECK (approval IN ('pending', 'approved', 'rejected')),
    ADD COLUMN reviewed_by uuid REFERENCES users (id),
    ADD COLUMN reviewed_at timestamptz,
    ADD COLUMN purged_at   timestamptz,
    ADD COLUMN emptied_at  timestamptz,
    ADD CHECK (purged_at IS NULL OR deleted_at IS NOT NULL),
    ADD CHECK (emptied_at IS NULL OR purged_at IS NOT NULL);

-- Clips deleted by earlier versions lost their files at once.
UPDATE clips SET purged_at = deleted_at WHERE deleted_at IS NOT NULL;

CREATE INDEX clips_deleted ON clips (deleted_at) WHERE deleted_at IS NOT NULL;
