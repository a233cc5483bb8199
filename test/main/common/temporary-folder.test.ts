// A temporary folder is new and for this account alone; where none can be made, a sentence says where and what to do.

import { join } from 'node:path'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { newTemporaryFolder } from '../../../src/main/common/temporary-folder.ts'
import { temporaryFolder } from '../library/helpers.ts'

describe('a temporary folder', () => {
  it('is new each time, and closed to others', () => {
    const parent = temporaryFolder()
    const [first, second] = [newTemporaryFolder('a-', parent), newTemporaryFolder('a-', parent)]
    expect(first).not.toBe(second)
    if (process.platform !== 'win32') expect(statSync(first).mode & 0o777).toBe(0o700)
  })

  it('that cannot be made is told with its place and a way out', () => {
    const gone = join(temporaryFolder(), 'gone')
    expect(() => newTemporaryFolder('a-', gone)).toThrow(`No temporary folder could be made in ${gone} (ENOENT).`)
  })
})
