-- In the order of its pages: the last deleted first, then by id.
DROP INDEX contacts_in_trash;
CREATE INDEX contacts_in_trash ON contacts (owner_id, deleted_at DESC, id) WHERE deleted_at IS NOT NULL AND NOT purged;
