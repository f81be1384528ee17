-- The same table exists on PostgreSQL (../../postgres): one query text serves both.

-- Requests that happen once: those that are being carried out, and those that were, with their answers.
CREATE TABLE idempotency_keys (
    user_id      BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    operation    TEXT NOT NULL,
    key          TEXT NOT NULL,
    -- SHA-256 of the request.
    fingerprint  BLOB NOT NULL,
    -- Who carries it out, and until when nobody else may.
    lease        BLOB NOT NULL,
    reserved_at  TIMESTAMP NOT NULL,
    leased_until TIMESTAMP NOT NULL,
    -- The answer; before there is one, neither status nor body is set.
    status       INTEGER,
    location     TEXT,
    entity_tag   TEXT,
    body         BLOB,
    PRIMARY KEY (user_id, operation, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (reserved_at);
