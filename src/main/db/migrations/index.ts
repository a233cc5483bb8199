// The schema's steps in order: entry i brings a file from user_version i to i + 1. A released step is never edited.
// SQL lives in .ts files so that plain Node and the Vite bundle read the same text without a loader.

import { library0001 } from './0001-library.ts'
import { library0002 } from './0002-suspects.ts'
import { library0003 } from './0003-keepers.ts'
import { library0004 } from './0004-classes.ts'
import { library0005 } from './0005-accepted.ts'
import { library0006 } from './0006-who.ts'
import { library0007 } from './0007-answers.ts'
import { library0008 } from './0008-sharpness.ts'
import { library0009 } from './0009-versions.ts'
import { library0010 } from './0010-proposals.ts'

export const migrations: readonly string[] = [
  library0001,
  library0002,
  library0003,
  library0004,
  library0005,
  library0006,
  library0007,
  library0008,
  library0009,
  library0010,
]
