// The tables of docs/benchmarks.md: which section a run replaces, and where a new one goes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withSection, type SectionKey } from '../../bench/measuring/sections.ts'

const empty = 'Before.\n\n<!-- results: written by npm run bench -->\n\n<!-- end of results -->\n\nAfter.\n'
const software = { name: 'llvmpipe', software: true }
const key = (
  part: SectionKey['part'],
  way: SectionKey['way'] = 'full',
  adapter: SectionKey['adapter'] = software,
): SectionKey => ({ part, way, adapter })

function page(...written: readonly (readonly [SectionKey, string])[]): string {
  return written.reduce((text, [of, section]) => withSection(text, of, section), empty)
}

/** The order in which the words come. */
function orderOf(text: string, ...words: readonly string[]): string[] {
  return words.filter(word => text.includes(word)).sort((a, b) => text.indexOf(a) - text.indexOf(b))
}

describe('sections of the benchmark page', () => {
  it('replaces the section of the same part, way and adapter, and leaves the rest of the page', () => {
    const text = page(
      [key('kernels'), 'old table'],
      [key('resnet18'), 'a net\n\n| with | a table |'],
      [key('kernels'), 'new table'],
    )
    expect(text).not.toContain('old table')
    expect(text).toContain('<!-- section: kernels, full, software GPU -->\n\nnew table')
    expect(text).toContain('a net\n\n| with | a table |')
    expect(text.startsWith('Before.\n\n<!-- results')).toBe(true)
    expect(text.endsWith('<!-- end of results -->\n\nAfter.\n')).toBe(true)
  })

  it('keeps a full run beside a quick one, a page beside Node, and a real GPU beside a software one', () => {
    const text = page(
      [key('tiny', 'quick'), 'QUICK'],
      [key('tiny', 'full'), 'FULL'],
      [key('tiny', 'Chromium'), 'PAGE'],
      [key('tiny', 'full', { name: 'NVIDIA H100', software: false }), 'REAL'],
    )
    expect(orderOf(text, 'QUICK', 'FULL', 'PAGE', 'REAL')).toHaveLength(4)
  })

  it('takes the software GPU of another driver for the same place', () => {
    const text = page(
      [key('tiny'), 'OLD'],
      [key('tiny', 'full', { name: 'llvmpipe of next year', software: true }), 'NEW'],
    )
    expect(text).not.toContain('OLD')
  })

  it('puts the parts in their order whichever came first', () => {
    const text = page(
      [key('first-step'), 'LAST'],
      [key('evaluation'), 'LATER'],
      [key('deep-convnet', 'quick'), 'NET'],
      [key('kernels'), 'FIRST'],
    )
    expect(orderOf(text, 'LAST', 'LATER', 'NET', 'FIRST')).toEqual(['FIRST', 'NET', 'LATER', 'LAST'])
  })

  it('changes nothing when the same is written twice', () => {
    const once = page([key('kernels'), 'one'], [key('tiny'), 'two'])
    expect(withSection(once, key('kernels'), 'one')).toBe(once)
  })

  it('says so where the page has lost its marks', () => {
    expect(() => withSection('no marks', key('kernels'), 'x')).toThrow('lost the marks')
  })

  it('finds its marks in docs/benchmarks.md, and every section there in its place', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/benchmarks.md'), 'utf8')
    const [, name, section] = /<!-- section: kernels, (quick|full), software GPU -->\n\n([^]+?)\n\n<!--/.exec(text)!
    expect(withSection(text, key('kernels', name as 'quick'), section!)).toBe(text)
  })
})
