-- Whoever writes the labels of a contact names its owner, too.
DROP INDEX contact_labels_of_contact;
CREATE INDEX contact_labels_of_contact ON contact_labels (contact_id, owner_id);
