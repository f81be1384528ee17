DROP INDEX contacts_in_trash;
CREATE INDEX contacts_in_trash ON contacts (owner_id, deleted_at, id) WHERE deleted_at IS NOT NULL AND NOT purged;
