// Version 4: classes can be renamed, merged and deleted, as decisions like any other; the hashes of turned copies and
// the score of odd size are kept. Indexes that only repeated columns for lists go: lists are made from the library's
// table in memory.

export const library0004 = /* sql */ `
ALTER TABLE class ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;          -- its name and id stay for the history
ALTER TABLE class ADD COLUMN merged_into INTEGER REFERENCES class (id);   -- a deleted class's photos went there

CREATE TABLE class_change (
  group_id INTEGER NOT NULL REFERENCES decision_group (id),
  class_id INTEGER NOT NULL REFERENCES class (id),
  field    TEXT NOT NULL CHECK (field IN ('name', 'deleted', 'merged_into')),
  before   TEXT,
  after    TEXT,
  PRIMARY KEY (group_id, class_id, field)
) STRICT, WITHOUT ROWID;
CREATE INDEX class_change_by_name ON class_change (before, group_id) WHERE field = 'name';

ALTER TABLE photo ADD COLUMN turns TEXT;          -- perceptual hashes of its seven turned and mirrored copies, joined by spaces
ALTER TABLE quality ADD COLUMN odd_size REAL;     -- among its set, as of the last check

DROP INDEX photo_by_name;
DROP INDEX photo_by_class;
DROP INDEX photo_by_state;
DROP INDEX photo_by_split;
CREATE INDEX photo_by_name ON photo (name, id);
CREATE INDEX photo_by_class ON photo (class_id, id);
`
