-- Where a publisher reconnected inside of a clip's window and one file does not hold both sides, the
-- rest is a clip of its own that names the first. No reference: the first may be purged before, or
-- written after.
ALTER TABLE clips ADD COLUMN continues uuid;
