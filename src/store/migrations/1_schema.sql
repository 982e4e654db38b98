-- One schema for SQLite and PostgreSQL: TEXT, BIGINT, DOUBLE PRECISION and BYTEA. SQLite takes any word as a column's type;
-- under BYTEA (numeric affinity there) it stores blobs as they are, and nothing but blobs is ever bound to such a column.
-- Times are milliseconds since 1970 (UTC); JSON is text; booleans are 0 and 1; sha256 is lower-case hexadecimal.
-- What is unique is short (PostgreSQL's indexes take some 2,700 bytes): class_key and key are the text itself, or its SHA-256
-- where it is long. A reference within a school carries the school, so that no row can point into another one.

CREATE TABLE schools (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL
);

-- The school of a service that is open to one person on this machine.
INSERT INTO schools (id, name, created) VALUES ('local', 'local', 0);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    school TEXT NOT NULL REFERENCES schools (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    created BIGINT NOT NULL,
    revoked BIGINT
);

-- given: it came with a plan and goes with the last plan made from it.
CREATE TABLE lists (
    id TEXT NOT NULL PRIMARY KEY,
    school TEXT NOT NULL REFERENCES schools (id),
    given BIGINT NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    columns TEXT NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (school, id)
);
CREATE INDEX lists_given ON lists (school, given);

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    school TEXT NOT NULL REFERENCES schools (id),
    list TEXT,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created BIGINT NOT NULL,
    UNIQUE (school, id),
    FOREIGN KEY (school, list) REFERENCES lists (school, id) ON DELETE CASCADE
);

CREATE TABLE plans (
    id TEXT NOT NULL PRIMARY KEY,
    school TEXT NOT NULL REFERENCES schools (id),
    list TEXT NOT NULL,
    staff TEXT,
    previous TEXT,
    parent TEXT,
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    progress DOUBLE PRECISION NOT NULL DEFAULT 0,
    stop_asked BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    document TEXT,
    error TEXT,
    created BIGINT NOT NULL,
    started BIGINT,
    finished BIGINT,
    worker TEXT,
    heartbeat BIGINT,
    UNIQUE (school, id),
    FOREIGN KEY (school, list) REFERENCES lists (school, id) ON DELETE CASCADE,
    FOREIGN KEY (school, staff) REFERENCES staff (school, id) ON DELETE CASCADE
);
CREATE INDEX plans_list ON plans (list);
CREATE INDEX plans_staff ON plans (staff);
CREATE INDEX plans_state ON plans (state, created);

CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY,
    school TEXT NOT NULL REFERENCES schools (id),
    request TEXT NOT NULL,
    state TEXT NOT NULL,
    progress DOUBLE PRECISION NOT NULL DEFAULT 0,
    stop_asked BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    summary TEXT,
    result BYTEA,
    error TEXT,
    created BIGINT NOT NULL,
    started BIGINT,
    finished BIGINT,
    worker TEXT,
    heartbeat BIGINT,
    UNIQUE (school, id)
);
CREATE INDEX batches_state ON batches (state, created);

CREATE TABLE batch_files (
    batch TEXT NOT NULL,
    school TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (batch, position),
    FOREIGN KEY (school, batch) REFERENCES batches (school, id) ON DELETE CASCADE
);

CREATE TABLE batch_classes (
    id TEXT NOT NULL PRIMARY KEY,
    batch TEXT NOT NULL,
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    class_key TEXT NOT NULL,
    file TEXT NOT NULL,
    digest TEXT NOT NULL,
    state TEXT NOT NULL,
    progress DOUBLE PRECISION NOT NULL DEFAULT 0,
    stop_asked BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    document TEXT,
    error TEXT,
    created BIGINT NOT NULL,
    started BIGINT,
    finished BIGINT,
    worker TEXT,
    heartbeat BIGINT,
    UNIQUE (batch, class_key, digest),
    FOREIGN KEY (school, batch) REFERENCES batches (school, id) ON DELETE CASCADE
);
CREATE INDEX batch_classes_state ON batch_classes (state, created);

CREATE TABLE idempotency (
    school TEXT NOT NULL REFERENCES schools (id),
    key TEXT NOT NULL,
    route TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    status BIGINT NOT NULL,
    answer TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (school, key)
);
