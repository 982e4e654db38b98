-- Whose turn it is. Of a school, what is due first is next (milliseconds since 1970, later for what is large); between schools, the
-- one that has the fewest at work, and of these the one whose turn was the longest ago.
ALTER TABLE schools ADD COLUMN served BIGINT NOT NULL DEFAULT 0;
ALTER TABLE plans ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batches ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
ALTER TABLE batch_classes ADD COLUMN due BIGINT NOT NULL DEFAULT 0;
CREATE INDEX plans_turn ON plans (state, school, due, id);
CREATE INDEX batches_turn ON batches (state, school, due, id);
CREATE INDEX batch_classes_turn ON batch_classes (state, school, due, id);

-- How many plans, batches and classes the batch's school may have open, where it was asked for within such a limit.
ALTER TABLE batches ADD COLUMN most_open BIGINT;

-- A batch's classes are told by pages.
CREATE INDEX batch_classes_page ON batch_classes (batch, id);
