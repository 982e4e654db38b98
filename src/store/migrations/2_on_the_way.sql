-- What a running plan looks like so far: a document as JSON, gone when the plan has ended.
ALTER TABLE plans ADD COLUMN draft TEXT;

-- A class's files as a zip, gone when its batch has ended; none where they are written with those of all classes.
ALTER TABLE batch_classes ADD COLUMN files BYTEA;

-- Whether a batch has classes that are not done is asked after each class.
CREATE INDEX batch_classes_open ON batch_classes (batch, state);
