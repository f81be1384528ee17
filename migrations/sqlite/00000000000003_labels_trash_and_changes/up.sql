-- The same tables exist on PostgreSQL (../../postgres): one query text serves both.

-- A list of texts in JSON, so that a contact is read whole.
ALTER TABLE contacts ADD COLUMN labels TEXT NOT NULL DEFAULT '[]';
-- A tombstone whose details are gone: it cannot be restored.
ALTER TABLE contacts ADD COLUMN purged BOOLEAN NOT NULL DEFAULT FALSE;

-- The same labels, to find contacts by. A contact in the trash keeps its rows.
CREATE TABLE contact_labels (
    owner_id   BLOB NOT NULL,
    -- Folded: two labels with the same key are one.
    label_key  TEXT NOT NULL,
    contact_id BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    label      TEXT NOT NULL,
    PRIMARY KEY (owner_id, label_key, contact_id)
);
CREATE INDEX contact_labels_of_contact ON contact_labels (contact_id);

-- In which history the numbers of changes mean something. Nothing stands for the id of the book: its first one.
ALTER TABLE address_books ADD COLUMN epoch BLOB;
-- Up to this number deletions are not known any more.
ALTER TABLE address_books ADD COLUMN forgotten BIGINT NOT NULL DEFAULT 0;

CREATE INDEX contacts_by_id ON contacts (owner_id, id) WHERE deleted_at IS NULL;
CREATE INDEX contacts_in_trash ON contacts (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL AND NOT purged;
CREATE INDEX contacts_to_purge ON contacts (deleted_at) WHERE deleted_at IS NOT NULL AND NOT purged;
CREATE INDEX contacts_to_forget ON contacts (deleted_at) WHERE purged;
