-- The index is written in segments, one for each contact that is created, and merged by and by; a search looks into each
-- of them. By default there may be many before they are merged: with half as many a search takes half as long, and a
-- create no longer.
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 2);
INSERT INTO search_index (search_index, rank) VALUES ('crisismerge', 8);
