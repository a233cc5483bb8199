// Version 7: an answer in review is part of a decision, so that one undo takes back both; and a problem that a photo has
// only under a label is kept with that label, so that it goes and comes with it.

export const library0007 = /* sql */ `
ALTER TABLE verdict ADD COLUMN group_id INTEGER REFERENCES decision_group (id);   -- null: given before version 7, which undo does not know
CREATE INDEX verdict_by_group ON verdict (group_id) WHERE group_id IS NOT NULL;

CREATE TABLE class_problem (                           -- what stands in problem while the photo has this label
  photo_id    INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
  code        TEXT NOT NULL,
  class_id    INTEGER NOT NULL,
  reason      TEXT NOT NULL,
  score       REAL,
  values_json TEXT NOT NULL,
  PRIMARY KEY (photo_id, code)
) STRICT, WITHOUT ROWID;
`
