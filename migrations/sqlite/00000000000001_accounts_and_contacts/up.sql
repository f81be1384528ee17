-- The same tables exist on PostgreSQL (../../postgres): one query text serves both.
--
-- Text is folded before it gets here, and both databases then compare bytes. Ids are the 16 bytes of
-- a UUID; times are text in UTC (`2026-11-22 07:18:00.123456`), which sorts as time does.

CREATE TABLE users (
    id            BLOB PRIMARY KEY,
    email         TEXT NOT NULL,
    -- The form in which two addresses are the same account.
    email_key     TEXT NOT NULL CONSTRAINT users_email_key_unique UNIQUE,
    email_verified BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    name          TEXT,
    language      TEXT NOT NULL,
    time_zone     TEXT NOT NULL,
    leap_day_rule TEXT NOT NULL,
    phone_region  TEXT,
    version       BIGINT NOT NULL,
    created_at    TIMESTAMP NOT NULL,
    updated_at    TIMESTAMP NOT NULL
);

CREATE TABLE address_books (
    id       BLOB PRIMARY KEY,
    owner_id BLOB NOT NULL CONSTRAINT address_books_owner_unique UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    -- Counted up by the first statement of every contact write, which locks the row.
    seq      BIGINT NOT NULL
);

CREATE TABLE contacts (
    id                 BLOB PRIMARY KEY,
    owner_id           BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    address_book_id    BLOB NOT NULL REFERENCES address_books (id) ON DELETE CASCADE,
    -- The address book's number of the last change of this contact.
    seq                BIGINT NOT NULL,
    first_name         TEXT,
    last_name          TEXT,
    email              TEXT,
    phone              TEXT,
    phone_e164         TEXT,
    birthday_year      SMALLINT,
    -- 100 * month + day: 229 is the 29th of February.
    birthday_month_day SMALLINT,
    additional_data    TEXT,
    -- Folded, to sort and search by; U+10FFFF where there is nothing, so that it sorts last.
    first_name_key     TEXT NOT NULL,
    last_name_key      TEXT NOT NULL,
    email_key          TEXT NOT NULL,
    -- A space before each: first name, last name, e-mail, all folded.
    search_text        TEXT NOT NULL,
    -- The digits of the phone number in every spelling, separated by spaces.
    phone_digits       TEXT NOT NULL,
    -- The version of the folding rules that made the columns above.
    fold_version       SMALLINT NOT NULL,
    created_at         TIMESTAMP NOT NULL,
    updated_at         TIMESTAMP NOT NULL,
    -- Set on a tombstone: a contact that was deleted, and is seen by no query.
    deleted_at         TIMESTAMP
);

-- The default order of a list.
CREATE INDEX contacts_by_name ON contacts (owner_id, last_name_key, first_name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_birthday ON contacts (owner_id, birthday_month_day) WHERE deleted_at IS NULL;
CREATE INDEX contacts_by_change ON contacts (owner_id, seq);
CREATE INDEX contacts_of_book ON contacts (address_book_id);
