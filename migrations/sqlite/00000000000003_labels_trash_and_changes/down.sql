DROP INDEX contacts_to_forget;
DROP INDEX contacts_to_purge;
DROP INDEX contacts_in_trash;
DROP INDEX contacts_by_id;
ALTER TABLE address_books DROP COLUMN forgotten;
ALTER TABLE address_books DROP COLUMN epoch;
DROP TABLE contact_labels;
ALTER TABLE contacts DROP COLUMN purged;
ALTER TABLE contacts DROP COLUMN labels;
