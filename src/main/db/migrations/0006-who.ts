// Version 6: a verdict on a suspect says who gave it.

export const library0006 = /* sql */ `
ALTER TABLE verdict ADD COLUMN who TEXT NOT NULL DEFAULT '';   -- the person's name on this machine; '' where it was not known
`
