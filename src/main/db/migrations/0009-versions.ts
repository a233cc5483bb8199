// Version 9: the data set under a name, as it was at one time: which photos, and what each was. It can be compared with another
// and gone back to, and stays true when photos or classes are gone.

export const library0009 = /* sql */ `
CREATE TABLE version (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  name           TEXT NOT NULL UNIQUE,
  at             TEXT NOT NULL,
  label_revision INTEGER NOT NULL             -- runs of this revision saw this version
) STRICT;
CREATE TABLE version_class (
  version_id INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
  class_id   INTEGER NOT NULL,
  name       TEXT NOT NULL,                   -- as it was then
  PRIMARY KEY (version_id, class_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE version_photo (
  version_id INTEGER NOT NULL REFERENCES version (id) ON DELETE CASCADE,
  photo_id   INTEGER NOT NULL,
  class_id   INTEGER,
  split      TEXT,
  excluded   INTEGER NOT NULL,
  sha256     TEXT,                            -- of the file
  PRIMARY KEY (version_id, photo_id)
) STRICT, WITHOUT ROWID;
`
