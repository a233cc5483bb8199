// What tests make for a while lies in a folder of its own, which goes with the run. A test that leaves a folder behind
// fails the run: its names all begin with "winnow-".

import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Called by vitest before the first test; what it answers is called after the last. */
export default function moveTemporaryFolder(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tests-of-winnow-'))
  // Some tests go on as another user.
  chmodSync(folder, 0o755)
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder
  return () => {
    const left = readdirSync(folder).filter(name => name.startsWith('winnow-'))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    if (left.length > 0) throw new Error(`Tests left ${left.length} temporary folders behind: ${left.join(', ')}.`)
  }
}
