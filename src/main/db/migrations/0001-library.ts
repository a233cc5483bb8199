// Version 1 of the library file. Photos refer to files by root folder and relative path; columns of `photo` hold what
// is true now, `decision` holds how it came to be (append-only: an undo is a new group that names the one it undoes).

export const library0001 = /* sql */ `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE root (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, added_at TEXT NOT NULL) STRICT;

CREATE TABLE class (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL) STRICT;

CREATE TABLE photo (
  id            INTEGER PRIMARY KEY,
  root_id       INTEGER NOT NULL REFERENCES root (id),
  path          TEXT NOT NULL,               -- relative to the root, exactly as on disk
  name          TEXT NOT NULL,               -- file name in NFC, for people
  folder        TEXT NOT NULL,               -- relative folder in NFC, for people
  size_bytes    INTEGER NOT NULL,
  modified_ms   REAL NOT NULL,
  sha256        TEXT,                        -- of the file
  pixel_sha256  TEXT,                        -- of the oriented sRGB pixels
  phash         TEXT,                        -- 64 bit, 16 hex digits
  width         INTEGER,                     -- oriented
  height        INTEGER,
  format        TEXT,
  pages         INTEGER,
  usable        INTEGER NOT NULL DEFAULT 0,  -- decoded whole; 0 keeps it out of training
  excluded      INTEGER NOT NULL DEFAULT 0,
  class_id      INTEGER REFERENCES class (id),
  split         TEXT CHECK (split IN ('train', 'validation', 'test')),
  imported_class_id INTEGER REFERENCES class (id),
  added_at      TEXT NOT NULL,
  UNIQUE (root_id, path)
) STRICT;
-- Lists of photos are filtered and sorted over these alone; the wide rows are read for one page only.
CREATE INDEX photo_by_id ON photo (id, class_id, split, excluded, usable);
CREATE INDEX photo_by_name ON photo (name, id, class_id, split, excluded, usable);
CREATE INDEX photo_by_class ON photo (class_id, id, split, excluded, usable);
CREATE INDEX photo_by_state ON photo (class_id, split, excluded, usable);
CREATE INDEX photo_by_split ON photo (split, id, class_id, excluded, usable);
CREATE INDEX photo_by_sha ON photo (sha256);
CREATE INDEX photo_by_pixels ON photo (pixel_sha256);

CREATE TABLE quality (
  photo_id        INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
  dark            REAL NOT NULL,
  light           REAL NOT NULL,
  blurry          REAL NOT NULL,
  low_information REAL NOT NULL,
  odd_aspect      REAL NOT NULL,
  grey            INTEGER NOT NULL
) STRICT;

CREATE TABLE problem (
  photo_id    INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  code        TEXT NOT NULL,
  reason      TEXT NOT NULL,
  score       REAL,
  values_json TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (photo_id, code)
) STRICT, WITHOUT ROWID;
CREATE INDEX problem_by_code ON problem (code, photo_id);

CREATE TABLE decision_group (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,   -- the label revision is the largest id
  at          TEXT NOT NULL,
  kind        TEXT NOT NULL,                       -- import, label, exclude, include, split, undo, redo ...
  undoes      INTEGER REFERENCES decision_group (id),
  values_json TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE decision (
  group_id INTEGER NOT NULL REFERENCES decision_group (id),
  photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  field    TEXT NOT NULL CHECK (field IN ('class', 'excluded', 'split')),
  before   TEXT,
  after    TEXT,
  PRIMARY KEY (group_id, photo_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_by_photo ON decision (photo_id, group_id);

CREATE TABLE job (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  params_json TEXT NOT NULL DEFAULT '{}',
  done        INTEGER NOT NULL DEFAULT 0,
  total       INTEGER,                               -- null while it is not known
  result_json TEXT NOT NULL DEFAULT '{}',
  error_json  TEXT,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;
CREATE TABLE job_item (
  job_id   INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  seq      INTEGER NOT NULL,
  root_id  INTEGER NOT NULL REFERENCES root (id),
  path     TEXT NOT NULL,
  class_name TEXT,                                   -- what the folder says of the photo
  split    TEXT,
  state    TEXT NOT NULL DEFAULT 'queued',          -- queued, in-flight, done, failed
  attempts INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_item_by_state ON job_item (job_id, state, seq);

CREATE TABLE run (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL,
  state          TEXT NOT NULL,
  created_at     TEXT NOT NULL,
  settings_json  TEXT NOT NULL,
  label_revision INTEGER NOT NULL,
  classes_json   TEXT NOT NULL,
  summary_json   TEXT,
  error_json     TEXT
) STRICT;
CREATE TABLE run_row (                               -- the photos of a run in the order of its pixels
  run_id   INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  row      INTEGER NOT NULL,
  photo_id INTEGER NOT NULL REFERENCES photo (id),
  label    INTEGER NOT NULL,                         -- index into the run's classes
  split    INTEGER NOT NULL,                         -- 0 train, 1 validation, 2 test
  PRIMARY KEY (run_id, row)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_event (
  run_id INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  seq    INTEGER NOT NULL,
  json   TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE prediction (
  run_id            INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
  photo_id          INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  class_id          INTEGER NOT NULL,                -- the most probable class
  confidence        REAL NOT NULL,
  given_class_id    INTEGER NOT NULL,                -- the label the run saw
  given_probability REAL NOT NULL,
  PRIMARY KEY (run_id, photo_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX prediction_by_photo ON prediction (photo_id, run_id);
CREATE INDEX prediction_by_class ON prediction (run_id, class_id, photo_id);
CREATE INDEX prediction_by_confidence ON prediction (run_id, confidence DESC, photo_id);
CREATE INDEX prediction_by_suspicion ON prediction (run_id, given_probability, photo_id, given_class_id);
`
