// Version 3: a person's choice which of several copies to keep, as a decision like any other; and copies found by their
// keeper.

export const library0003 = /* sql */ `
ALTER TABLE photo ADD COLUMN keeper INTEGER NOT NULL DEFAULT 0;   -- chosen to be kept among its copies

CREATE TABLE decision_next (
  group_id INTEGER NOT NULL REFERENCES decision_group (id),
  photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  field    TEXT NOT NULL CHECK (field IN ('class', 'excluded', 'split', 'keeper')),
  before   TEXT,
  after    TEXT,
  PRIMARY KEY (group_id, photo_id, field)
) STRICT, WITHOUT ROWID;
INSERT INTO decision_next SELECT group_id, photo_id, field, before, after FROM decision;
DROP TABLE decision;
ALTER TABLE decision_next RENAME TO decision;
CREATE INDEX decision_by_photo ON decision (photo_id, group_id);

ALTER TABLE problem ADD COLUMN keeper INTEGER GENERATED ALWAYS AS (CAST(values_json ->> 'keeper' AS INTEGER)) VIRTUAL;
CREATE INDEX problem_by_keeper ON problem (keeper, photo_id) WHERE keeper IS NOT NULL;
`
