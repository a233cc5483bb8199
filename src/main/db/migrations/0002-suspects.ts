// Version 2: the review queue. Evidence is what one way of looking says of many photos at one time; a suspect is one
// photo in it, most suspicious first; a verdict is what a person said of a suspect, append-only, so that no one is
// asked the same thing twice.

export const library0002 = /* sql */ `
CREATE TABLE evidence (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  at             TEXT NOT NULL,
  method         TEXT NOT NULL CHECK (method IN ('margin-trace', 'folds', 'import')),
  run_id         INTEGER REFERENCES run (id) ON DELETE CASCADE,   -- null for predictions from elsewhere
  label_revision INTEGER NOT NULL,
  photos         INTEGER NOT NULL,          -- how many were looked at
  flagged        INTEGER NOT NULL           -- how many lie before the stop point
) STRICT;

CREATE TABLE suspect (
  evidence_id          INTEGER NOT NULL REFERENCES evidence (id) ON DELETE CASCADE,
  position             INTEGER NOT NULL,    -- 0 is the most suspicious
  photo_id             INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  given_class_id       INTEGER NOT NULL,    -- the label that is doubted
  proposed_class_id    INTEGER NOT NULL,
  given_probability    REAL,
  proposed_probability REAL,
  score                REAL NOT NULL,       -- low is suspicious; of the method's own kind
  PRIMARY KEY (evidence_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX suspect_by_photo ON suspect (photo_id, evidence_id);

CREATE TABLE verdict (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  at                TEXT NOT NULL,
  photo_id          INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  answer            TEXT NOT NULL CHECK (answer IN ('keep', 'relabel', 'exclude', 'unsure', 'withdrawn')),
  given_class_id    INTEGER NOT NULL,
  proposed_class_id INTEGER NOT NULL,
  evidence_id       INTEGER NOT NULL        -- kept as a number when the evidence itself is gone
) STRICT;
CREATE INDEX verdict_by_photo ON verdict (photo_id, id);
`
