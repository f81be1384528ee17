DROP INDEX contacts_to_fold;
DROP TRIGGER contact_leaves_index;
DROP TRIGGER contact_is_indexed_anew;
DROP TRIGGER contact_is_indexed;
DROP TABLE search_numbers;
DROP TABLE search_index;
ALTER TABLE contacts DROP COLUMN search_terms;
ALTER TABLE contacts DROP COLUMN note_words;
UPDATE contacts SET fold_version = 1;
