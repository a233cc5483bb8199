// The built page in memory: what is there by address, and nothing else.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appFolders } from '../../../src/main/hosts/folders.ts'
import { readPageFiles } from '../../../src/main/hosts/page-files.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'winnow-page-'))))
afterEach(() => rmSync(folder, { recursive: true }))

describe('readPageFiles', () => {
  it('names files by address with their types, and / for index.html', () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<p>')
    writeFileSync(join(folder, 'assets', 'a-1.js'), '1')
    writeFileSync(join(folder, 'assets', 'unknown.xyz'), '1')
    const files = readPageFiles(folder)
    expect([...files.keys()].sort()).toEqual(['/', '/assets/a-1.js', '/index.html'])
    expect(files.get('/')?.type).toBe('text/html; charset=utf-8')
    expect(files.get('/assets/a-1.js')?.type).toBe('text/javascript; charset=utf-8')
  })

  it('says what to do when the page is not built', () => {
    expect(() => readPageFiles(folder)).toThrow(
      expect.objectContaining({ code: 'page-missing', fix: expect.stringContaining('npm run build') }),
    )
    expect(() => readPageFiles(join(folder, 'nowhere'))).toThrow(expect.objectContaining({ code: 'page-missing' }))
  })
})

describe('appFolders', () => {
  it.each([
    ['linux', {}, '/home/a/.config/winnow'],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x/winnow'],
    ['darwin', {}, '/home/a/Library/Application Support/winnow'],
    ['linux', { WINNOW_HOME: '/w' }, '/w/config'],
  ])('%s %j', (platform, env, config) => {
    expect(appFolders(env, platform, '/home/a').config).toBe(config)
  })
})
