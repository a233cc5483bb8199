// Version 10: what is answered for photos without a label, by the newest check of labels. Nothing of a person's work: it is made
// anew with every check.

export const library0010 = /* sql */ `
CREATE TABLE proposal (
  photo_id   INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
  class_id   INTEGER NOT NULL,
  confidence REAL NOT NULL,         -- the chance that the answer is right
  second_id  INTEGER NOT NULL,      -- the next likely class
  usefulness REAL NOT NULL          -- the most useful to label comes first
) STRICT;
CREATE INDEX proposal_by_usefulness ON proposal (usefulness DESC, photo_id);
CREATE INDEX proposal_by_confidence ON proposal (confidence DESC, photo_id);
`
