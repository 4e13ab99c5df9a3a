-- What a clip was asked for, where it was shortened to what its stream held, and what was to become of
-- a window over several epochs: a node that starts again tells the same in the clip's contract. Clips
-- of a time before have none of it.
ALTER TABLE clips
    ADD COLUMN asked_from_us  bigint,
    ADD COLUMN asked_to_us    bigint,
    ADD COLUMN asked_crossing text CHECK (asked_crossing IN ('stitch', 'split', 'refuse')),
    ADD CHECK (num_nulls(asked_from_us, asked_to_us, asked_crossing) IN (0, 3)),
    ADD CHECK (asked_to_us > asked_from_us);
