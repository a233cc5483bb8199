// Version 5: "it is fine": problems of a photo that a person has looked at and accepts, as a decision like any other.

export const library0005 = /* sql */ `
ALTER TABLE photo ADD COLUMN accepted TEXT;   -- JSON list of problem codes, sorted; null for none
CREATE INDEX photo_by_accepted ON photo (id) WHERE accepted IS NOT NULL;

CREATE TABLE decision_next (
  group_id INTEGER NOT NULL REFERENCES decision_group (id),
  photo_id INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  field    TEXT NOT NULL CHECK (field IN ('class', 'excluded', 'split', 'keeper', 'accepted')),
  before   TEXT,
  after    TEXT,
  PRIMARY KEY (group_id, photo_id, field)
) STRICT, WITHOUT ROWID;
INSERT INTO decision_next SELECT group_id, photo_id, field, before, after FROM decision;
DROP TABLE decision;
ALTER TABLE decision_next RENAME TO decision;
CREATE INDEX decision_by_photo ON decision (photo_id, group_id);
`
