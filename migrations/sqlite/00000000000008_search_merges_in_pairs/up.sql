-- While nobody writes, the service merges segments of which there are two or more of about one size; by default four.
INSERT INTO search_index (search_index, rank) VALUES ('usermerge', 2);
