-- Signed links to one version of a clip for people without an account. The id is the playback id in
-- the URL; what the link has sent is charged to it in bytes, so that a player's many requests of one
-- playing count as what they are.
CREATE TABLE share_links (
    id            uuid PRIMARY KEY,
    workspace_id  uuid NOT NULL REFERENCES workspaces (id),
    clip_id       uuid NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    version       integer NOT NULL CHECK (version >= 1),
    size_bytes    bigint NOT NULL CHECK (size_bytes > 0),
    bound_address text CHECK (length(bound_address) <= 60),
    max_downloads integer NOT NULL CHECK (max_downloads >= 1),
    charged_bytes bigint NOT NULL DEFAULT 0 CHECK (charged_bytes >= 0),
    created_by    uuid NOT NULL REFERENCES users (id),
    created_at    timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    last_used_at  timestamptz,
    revoked_at    timestamptz
);
CREATE INDEX share_links_clip ON share_links (clip_id, created_at DESC);
CREATE INDEX share_links_expiry ON share_links (expires_at);
