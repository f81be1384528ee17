DROP INDEX contacts_to_fold;
DROP INDEX contacts_search;
ALTER TABLE contacts DROP COLUMN search_terms;
ALTER TABLE contacts DROP COLUMN note_words;
UPDATE contacts SET fold_version = 1;
