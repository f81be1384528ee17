-- The same tables exist on SQLite (../../sqlite): one query text serves both.

ALTER TABLE users ADD COLUMN avatar_id UUID;
-- An absolute URL, or a path on this service.
ALTER TABLE users ADD COLUMN avatar_location TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN last_login_at TIMESTAMP;
-- Whoever was here before may have logged in: they must not pass for somebody who never did.
UPDATE users SET last_login_at = updated_at;
CREATE INDEX users_unused ON users (created_at) WHERE last_login_at IS NULL;

-- How many contacts were ever created in the book.
ALTER TABLE address_books ADD COLUMN creations BIGINT NOT NULL DEFAULT 0;

-- The ledger of the creation quota. Deleting a contact takes nothing out of it.
CREATE TABLE creations (
    address_book_id UUID NOT NULL REFERENCES address_books (id) ON DELETE CASCADE,
    -- The number, within the book, of the last of these creations.
    last            BIGINT NOT NULL,
    count           INTEGER NOT NULL,
    at              TIMESTAMP NOT NULL,
    PRIMARY KEY (address_book_id, last)
);
CREATE INDEX creations_by_time ON creations (at);

CREATE TABLE sessions (
    id           UUID PRIMARY KEY,
    user_id      UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent   TEXT COLLATE "C",
    address      TEXT COLLATE "C" NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    last_used_at TIMESTAMP NOT NULL,
    -- Which refresh token counts: each rotation makes the next.
    counter      BIGINT NOT NULL,
    expires_at   TIMESTAMP NOT NULL,
    ends_at      TIMESTAMP NOT NULL,
    revoked_at   TIMESTAMP
);
CREATE INDEX sessions_of_user ON sessions (user_id, address);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Mails to be sent. No row holds a secret, and none has a foreign key: whether there is such an account is
-- looked up when the mail is sent.
CREATE TABLE outbox (
    id           UUID PRIMARY KEY,
    subject      TEXT COLLATE "C" NOT NULL,
    user_id      UUID,
    address      TEXT COLLATE "C",
    new_address  TEXT COLLATE "C",
    created_at   TIMESTAMP NOT NULL,
    due_at       TIMESTAMP NOT NULL,
    attempts     INTEGER NOT NULL,
    -- Who works on it, and until when nobody else may.
    lease        UUID,
    leased_until TIMESTAMP,
    -- Given up, until an operator requeues it.
    buried_at    TIMESTAMP,
    reason       TEXT COLLATE "C"
);
CREATE INDEX outbox_by_due_time ON outbox (due_at, id) WHERE buried_at IS NULL;
CREATE INDEX outbox_by_lease ON outbox (lease);

-- Mailed links, by the id of the mail that holds them.
CREATE TABLE links (
    id         UUID PRIMARY KEY,
    user_id    UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    TEXT COLLATE "C" NOT NULL,
    address    TEXT COLLATE "C" NOT NULL,
    -- SHA-256 of the token: it cannot be used as one.
    hash       BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP,
    closed_at  TIMESTAMP
);
CREATE INDEX links_of_user ON links (user_id, purpose, created_at);
CREATE INDEX links_by_time ON links (created_at);

-- Pictures that were stored, or may have been. Rows outlive their users until the pictures are removed.
CREATE TABLE avatars (
    id         UUID PRIMARY KEY,
    user_id    UUID NOT NULL,
    format     TEXT COLLATE "C" NOT NULL,
    -- begun, shown or abandoned.
    state      TEXT COLLATE "C" NOT NULL,
    started_at TIMESTAMP NOT NULL
);
CREATE INDEX avatars_of_user ON avatars (user_id);
CREATE INDEX avatars_to_remove ON avatars (state, started_at);

-- Only ever added to. It refers to no account, for it outlives them.
CREATE TABLE audit_log (
    id         UUID PRIMARY KEY,
    kind       TEXT COLLATE "C" NOT NULL,
    user_id    UUID,
    session_id UUID,
    address    TEXT COLLATE "C",
    user_agent TEXT COLLATE "C",
    at         TIMESTAMP NOT NULL
);
CREATE INDEX audit_log_of_user ON audit_log (user_id, at);
CREATE INDEX audit_log_by_time ON audit_log (at);
