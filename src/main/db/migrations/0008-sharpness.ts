// Version 8: how sharp a photo is at its own scale, and how much of its size is its own. Null: scored before version 8,
// which the next check makes good.

export const library0008 = /* sql */ `
ALTER TABLE quality ADD COLUMN sharpness REAL;
ALTER TABLE quality ADD COLUMN own_detail REAL;
`
