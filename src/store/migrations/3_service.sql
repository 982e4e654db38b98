-- What the service itself remembers: when it last looked at the database (seen; trial: bytes that a full disk is tried with), and
-- when old data was last swept (swept; 0: never), so that a clock that has leapt is noticed.
CREATE TABLE service (
    name TEXT NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL,
    trial BYTEA
);
INSERT INTO service (name, time) VALUES ('seen', 0);
INSERT INTO service (name, time) VALUES ('swept', 0);
