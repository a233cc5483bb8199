// Both languages are whole: the same keys, the same places for values, every key that is asked for, and no text outside
// the catalogues.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import { blockingProblems, warningProblems } from '../../../src/contract/problems.ts'
import { createTranslations, en, ko, preferredLocale } from '../../../src/renderer/i18n/index.ts'
import {
  koAdvice,
  koChecks,
  koErrors,
  koImportNotes,
  koNotes,
  koProblems,
  koReasons,
} from '../../../src/renderer/i18n/ko-codes.ts'
import { fill } from '../../../src/renderer/i18n/use-translate.ts'
import { sourcesIn } from '../../rules/sources.ts'

type Tree = { readonly [key: string]: string | Tree }
const flat = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
const english = new Map(flat(en as Tree))
const korean = new Map(flat(ko as Tree))
const root = join(import.meta.dirname, '../../../src/renderer')
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(file => /\.(vue|ts)$/.test(file))
  .map(file => [file, readFileSync(join(root, file), 'utf8')] as const)
const places = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(match => match[1]!))].sort()

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect([...korean.keys()].sort()).toEqual([...english.keys()].sort())
  })
  it('have the same places for values', () => {
    for (const [key, text] of english) expect([key, places(korean.get(key)!)]).toEqual([key, places(text)])
  })
  it('have no empty text and no Korean in the English', () => {
    for (const [key, text] of [...english, ...korean]) expect(text.trim(), key).not.toBe('')
    for (const [key, text] of english) expect(text, key).not.toMatch(/[가-힣]/)
  })
  it('name every problem of the contract', () => {
    for (const code of [...blockingProblems, ...warningProblems])
      expect(english.has(`problems.${code}.name`), code).toBe(true)
  })
  it('do not put a Korean particle after a name that is not known', () => {
    for (const [key, text] of korean)
      expect(text, key).not.toMatch(
        /\{(class|name|given|predicted|preset|file|split)\}(은|는|이|가|을|를|와|과|로|으로)(?![가-힣])/,
      )
  })
})

describe('the page', () => {
  it('asks only for keys that are there', () => {
    const asked = files.flatMap(([file, text]) =>
      [...text.matchAll(/\bt\('([\w.-]+)'/g)].map(match => `${file}: ${match[1]}`),
    )
    expect(asked.length).toBeGreaterThan(150)
    expect(asked.filter(entry => !english.has(entry.split(': ')[1]!))).toEqual([])
  })

  it('has no text of its own in its templates', () => {
    const raw = files
      .filter(([file]) => file.endsWith('.vue'))
      .flatMap(([file, text]) => textsOf(text).map(found => `${file}: ${found}`))
    expect(raw.filter(entry => !entry.endsWith(': Winnow'))).toEqual([])
  })

  it('sets no style by attribute, which the content policy would refuse', () => {
    expect(
      files.filter(([, text]) => /<[^>]*\sstyle="/.test(text) || text.includes('v-html')).map(([file]) => file),
    ).toEqual([])
  })
})

describe('what the services say by code', () => {
  // What only a terminal or another program can meet: NumPy files, the wire, Node itself.
  const elsewhere = ['bad-npy', 'bad-labels', 'bad-score', 'no-page', 'node-too-old', 'unknown-name']
  const services = ['src/contract', 'src/core', 'src/training', 'src/main']
    .flatMap(folder => sourcesIn(folder, ['.ts']))
    .filter(({ path }) => !path.startsWith('src/main/hosts') && !path.startsWith('src/main/electron'))
  const codes = (pattern: RegExp) => [
    ...new Set(services.flatMap(({ text }) => [...text.matchAll(pattern)].map(match => match[1]!))),
  ]

  it('has Korean for every error that a page can meet', () => {
    const errors = codes(/(?:ServiceError|CoreError)\(\s*'([a-z\d-]+)'/g).filter(code => !elsewhere.includes(code))
    expect(errors.length).toBeGreaterThan(80)
    expect(errors.filter(code => !koErrors[code])).toEqual([])
    // A photo shown to a model is refused with the code of its problem.
    expect(blockingProblems.filter(code => !koErrors[code])).toEqual([])
    const records = codes(/code: '([a-z\d-]+)',\s*message:/g)
    expect(records).toContain('run-interrupted')
    expect(records.filter(code => !koErrors[code])).toEqual([])
  })
  it('has Korean for the kinds of an error, each with a place for its values', () => {
    const kinds = codes(/kind: '([a-z\d-]+)'/g)
    const told = Object.keys(koErrors).filter(code => code.includes('.'))
    expect(told.filter(code => !kinds.includes(code.split('.')[1]!))).toEqual([])
    expect(fill(koErrors['bad-csv.quote']!.message, { name: 'l.csv', line: 7 })).toContain('l.csv: 7번째 줄')
  })
  it('has Korean for all that an import takes for granted', () => {
    const notes = services.find(({ path }) => path.endsWith('library/import/notes.ts'))!.text
    const told = [...notes.matchAll(/code: '([a-z\d-]+)'/g)].map(match => match[1]!)
    expect(told.length).toBeGreaterThan(8)
    expect(told.filter(code => !koImportNotes[code])).toEqual([])
  })
  it('has Korean for all advice and all reasons', () => {
    const codesOf = (file: string) =>
      [...services.find(({ path }) => path.endsWith(file))!.text.matchAll(/code: '([a-z\d-]+)'/g)].map(
        match => match[1]!,
      )
    const told = [
      [koAdvice, 'review/evaluation/advice.ts'],
      [koAdvice, 'review/evaluation/learning-curve.ts'],
      [koReasons, 'runs/settings/suggest.ts'],
      [koChecks, 'library/checks/check-report.ts'],
    ] as const
    for (const [table, file] of told) {
      expect(codesOf(file).length, file).toBeGreaterThan(2)
      expect(
        codesOf(file).filter(code => !table[code]),
        file,
      ).toEqual([])
    }
  })
  it('has Korean for every note of a run', () => {
    const notes = codes(/(?:type: 'note',\s*code: |#note\(\s*)'([a-z\d-]+)'/g)
    expect(notes.length).toBeGreaterThan(9)
    expect(notes.filter(code => !koNotes[code])).toEqual([])
  })
  it('has Korean for every problem, filled with the same values', () => {
    expect([...blockingProblems, ...warningProblems].filter(code => !koProblems[code])).toEqual([])
    expect(fill(koProblems['dark']!, { score: 0.1154, threshold: 0.32 })).toBe(
      '가장 밝은 부분도 어둡습니다(점수 0.115, 기준 0.32).',
    )
    expect(fill('사진 {photos}장', { photos: 4500 })).toBe('사진 4,500장')
  })
})

describe('the language', () => {
  it('is the first of the browser that is spoken here', () => {
    expect([['ko-KR', 'en'], ['fr', 'ko', 'en'], ['de-DE'], []].map(preferredLocale)).toEqual(['ko', 'ko', 'en', 'en'])
  })
  it('switches while the page is open', () => {
    const { global } = createTranslations('en')
    expect(global.t('stages.library')).toBe('Library')
    global.locale.value = 'ko'
    expect(global.t('stages.library')).toBe('라이브러리')
  })
  it('chooses singular and plural', () => {
    const { global } = createTranslations('en')
    const say = (count: number) => global.t('decisions.exclude', { count }, count)
    expect([say(1), say(240)]).toEqual(['1 photo excluded', '240 photos excluded'])
  })
  it('never shows a half-filled sentence', () => {
    expect(fill('{count} photos of {name}', { count: 3 })).toBeNull()
    expect(fill('{count} photos', { count: 3 })).toBe('3 photos')
  })
})

interface Node {
  readonly type: number
  readonly content?: unknown
  readonly children?: readonly Node[]
  readonly props?: readonly { type: number; name: string; value?: { content: string } }[]
}

function textsOf(source: string): string[] {
  const template = parse(source).descriptor.template?.ast as unknown as Node | undefined
  const letters = /\p{L}{2,}/u
  const found: string[] = []
  const visit = (node: Node) => {
    if (node.type === 2 && typeof node.content === 'string' && letters.test(node.content))
      found.push(node.content.trim())
    for (const prop of node.props ?? []) {
      if (
        prop.type === 6 &&
        ['aria-label', 'title', 'placeholder', 'alt'].includes(prop.name) &&
        letters.test(prop.value?.content ?? '')
      )
        found.push(prop.value!.content)
    }
    node.children?.forEach(visit)
  }
  if (template) visit(template)
  return found
}
