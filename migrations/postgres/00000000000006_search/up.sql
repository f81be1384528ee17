-- The same columns exist on SQLite (../../sqlite); the index is each database's own.

-- The words of the notes, folded, a space before each.
ALTER TABLE contacts ADD COLUMN note_words TEXT COLLATE "C" NOT NULL DEFAULT '';
-- What the index finds the contact by, separated by spaces.
ALTER TABLE contacts ADD COLUMN search_terms TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Each term begins with its owner. Nothing is put off (fastupdate), so that no search pays for what was written before.
CREATE INDEX contacts_search ON contacts USING gin (array_to_tsvector(string_to_array(search_terms, ' ')))
    WITH (fastupdate = off) WHERE deleted_at IS NULL;

-- What was folded by older rules.
CREATE INDEX contacts_to_fold ON contacts (owner_id, id) WHERE fold_version < 2 AND NOT purged;
