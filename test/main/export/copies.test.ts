// Names of folders for copies: any class gets a folder of its own that every file system takes.

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openCopies, safeName } from '../../../src/main/export/copies.ts'
import { temporaryFolder } from '../library/helpers.ts'

describe('a class whose name', () => {
  it('is longer than a file system takes has a folder, another one for each', async () => {
    const place = temporaryFolder()
    const file = join(place, 'a.jpg')
    writeFileSync(file, 'photo')
    const copies = await openCopies({ folder: place, name: 'Out' }, [])
    const long = '아주 긴 이름 '.repeat(30)
    const made = [await copies.copy(file, ['train', `${long}1`]), await copies.copy(file, ['train', `${long}2`])]
    expect(new Set(made).size).toBe(2)
    for (const path of made) expect(existsSync(join(place, 'Out', path))).toBe(true)
    expect(made[0]).toMatch(/^train\/아주 긴 이름 .*[가-힣]\/a\.jpg$/)
  })

  it.each([['con', '_con'], ['Aux.v2', '_Aux.v2'], ['NUL .x', '_NUL .x'], ['com7', '_com7'], ['console', 'console'], ['com10', 'com10'], ['a.con', 'a.con'], ['..', '_'], ['a/b: c.', 'a b c']])('is %s has the folder %s', (name, folder) => {
    expect(safeName(name)).toBe(folder)
  })
})
