// The page that opens the browser: readable by this account alone, gone when it is asked to.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeOpeningPage } from '../../../../src/main/hosts/loopback/opening-page.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the opening page', () => {
  it('holds the token in a form, not in an address', () => {
    const { file, remove } = writeOpeningPage('http://127.0.0.1:4000/#token=abc-DEF_1', folder)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain('action="http://127.0.0.1:4000/sign-in"')
    expect(text).toContain('name="token" value="abc-DEF_1"')
    expect(text).not.toContain('#token')
    remove()
    expect(existsSync(dirname(file))).toBe(false)
    remove()
  })

  it.skipIf(process.platform === 'win32')('is for this account alone', () => {
    const { file } = writeOpeningPage('http://127.0.0.1:4000/#token=abc', folder)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700)
  })
})
