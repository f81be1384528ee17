DROP INDEX contact_labels_of_contact;
CREATE INDEX contact_labels_of_contact ON contact_labels (contact_id);
