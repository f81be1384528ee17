-- The same columns exist on PostgreSQL (../../postgres); the index is each database's own.

-- The words of the notes, folded, a space before each.
ALTER TABLE contacts ADD COLUMN note_words TEXT NOT NULL DEFAULT '';
-- What the index finds the contact by, separated by spaces.
ALTER TABLE contacts ADD COLUMN search_terms TEXT NOT NULL DEFAULT '';

-- Each term begins with its owner. Terms are split at spaces: of ASCII they have letters and digits alone.
CREATE VIRTUAL TABLE search_index USING fts5 (
    terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- The index knows numbers only.
CREATE TABLE search_numbers (
    number     INTEGER PRIMARY KEY,
    contact_id BLOB NOT NULL UNIQUE
);

CREATE TRIGGER contact_is_indexed AFTER INSERT ON contacts BEGIN
    INSERT INTO search_numbers (contact_id) VALUES (new.id);
    INSERT INTO search_index (rowid, terms)
        SELECT number, new.search_terms FROM search_numbers WHERE contact_id = new.id;
END;
CREATE TRIGGER contact_is_indexed_anew AFTER UPDATE OF search_terms ON contacts
WHEN old.search_terms <> new.search_terms BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT number FROM search_numbers WHERE contact_id = old.id);
    INSERT INTO search_index (rowid, terms)
        SELECT number, new.search_terms FROM search_numbers WHERE contact_id = new.id;
END;
CREATE TRIGGER contact_leaves_index AFTER DELETE ON contacts BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT number FROM search_numbers WHERE contact_id = old.id);
    DELETE FROM search_numbers WHERE contact_id = old.id;
END;
INSERT INTO search_numbers (contact_id) SELECT id FROM contacts;
INSERT INTO search_index (rowid, terms) SELECT number, '' FROM search_numbers;

-- What was folded by older rules.
CREATE INDEX contacts_to_fold ON contacts (owner_id, id) WHERE fold_version < 2 AND NOT purged;
