-- What a rendered version was made by. facts are small and told with the version; the spec is large,
-- read by who renders or hands over again, and by nobody who lists clips. source: the media that its
-- window lies on, as editors' programs take it.
ALTER TABLE clip_versions ADD COLUMN render jsonb;

CREATE TABLE clip_renders (
    clip_id     uuid NOT NULL,
    version     integer NOT NULL,
    spec_sha256 text NOT NULL CHECK (spec_sha256 ~ '^[0-9a-f]{64}$'),
    spec        jsonb NOT NULL,
    source      jsonb,
    PRIMARY KEY (clip_id, version),
    FOREIGN KEY (clip_id, version) REFERENCES clip_versions (clip_id, version) ON DELETE CASCADE
);
