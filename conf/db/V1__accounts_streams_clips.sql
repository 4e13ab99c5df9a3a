-- Names, states and roles are text with a CHECK: adding one is one line in a later migration.
-- Times are timestamptz (microseconds); media times are bigint microseconds, as in the API.
-- deleted_at marks a soft delete: the row stays for references and is shown to nobody.

CREATE TABLE users (
    id            uuid PRIMARY KEY,
    email         text NOT NULL CHECK (email = lower(email) AND length(email) <= 255),
    name          text NOT NULL CHECK (length(name) <= 255),
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    deleted_at    timestamptz
);
CREATE UNIQUE INDEX users_email ON users (email) WHERE deleted_at IS NULL;

CREATE TABLE workspaces (
    id         uuid PRIMARY KEY,
    name       text NOT NULL CHECK (length(name) <= 255),
    owner_id   uuid NOT NULL REFERENCES users (id),
    settings   jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
);

CREATE TABLE workspace_members (
    workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role         text NOT NULL DEFAULT 'editor' CHECK (role IN ('viewer', 'editor', 'admin', 'owner')),
    joined_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX workspace_members_user ON workspace_members (user_id);

-- A login starts a family; each use replaces the token by the next of its family. A token that is
-- used twice was stolen by someone: the whole family is revoked.
CREATE TABLE refresh_tokens (
    token_hash   bytea PRIMARY KEY,
    family_id    uuid NOT NULL,
    user_id      uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    issued_at    timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

CREATE TABLE streams (
    id              uuid PRIMARY KEY,
    workspace_id    uuid NOT NULL REFERENCES workspaces (id),
    user_id         uuid NOT NULL REFERENCES users (id),
    name            text NOT NULL CHECK (length(name) <= 255),
    platform        text CHECK (length(platform) <= 20),
    source          jsonb NOT NULL,
    stream_key      text NOT NULL,
    status          text NOT NULL DEFAULT 'idle'
                    CHECK (status IN ('idle', 'connecting', 'active', 'error', 'stopped')),
    owner_node      text,
    locked_at       timestamptz,
    last_seen_at    timestamptz,
    last_error      text,
    clips_generated integer NOT NULL DEFAULT 0,
    settings        jsonb NOT NULL DEFAULT '{}',
    created_at      timestamptz NOT NULL DEFAULT now(),
    deleted_at      timestamptz
);
CREATE UNIQUE INDEX streams_key ON streams (stream_key);
CREATE INDEX streams_workspace ON streams (workspace_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX streams_running ON streams (owner_node) WHERE status IN ('connecting', 'active');

CREATE TABLE clips (
    id           uuid PRIMARY KEY,
    workspace_id uuid NOT NULL REFERENCES workspaces (id),
    stream_id    uuid REFERENCES streams (id),
    status       text NOT NULL CHECK (status IN
                 ('requested', 'opened', 'playable', 'sealed', 'rendering', 'ready', 'failed')),
    title        text NOT NULL CHECK (length(title) <= 500),
    description  text NOT NULL DEFAULT '',
    hashtags     text[] NOT NULL DEFAULT '{}',
    start_us     bigint NOT NULL,
    end_us       bigint NOT NULL,
    score        double precision NOT NULL DEFAULT 0,
    reason       jsonb NOT NULL,
    poster_key   text,
    failure      text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz
);
CREATE INDEX clips_workspace ON clips (workspace_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX clips_stream ON clips (stream_id, created_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX clips_unfinished ON clips (status) WHERE status IN ('requested', 'opened', 'playable');

CREATE TABLE clip_versions (
    clip_id    uuid NOT NULL REFERENCES clips (id) ON DELETE CASCADE,
    version    integer NOT NULL CHECK (version >= 1),
    kind       text NOT NULL CHECK (kind IN ('instant', 'render')),
    container  text NOT NULL,
    blob_key   text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    contract   jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (clip_id, version)
);

-- The first answer to a creation, replayed to whoever sends the same key again.
CREATE TABLE idempotency_keys (
    workspace_id uuid NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
    key          text NOT NULL CHECK (length(key) <= 255),
    request_hash bytea NOT NULL,
    status_code  integer,
    body         jsonb,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
