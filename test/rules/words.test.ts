// One word for one thing (docs/glossary.md): retired words are not exported, a type is declared once, and comments name only files that are there.

import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'
import { root, sourcesIn } from './sources.ts'

const files = sourcesIn('src', ['.ts'])
const exported =
  /^export (?:default )?(?:async )?(?:abstract )?(?:const|let|function\*?|class|interface|type) ([A-Za-z_$][\w$]*)/gm
const declared = /^(?:export )?(?:abstract )?(?:class|interface|type) ([A-Za-z_$][\w$]*)/gm

/** Words of the glossary's last column, in lower case. */
function retiredWords(): string[] {
  const rows = readFileSync(join(root, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| '))
  return rows
    .map(row => row.split('|').at(-2)!.trim())
    .filter(cell => cell !== '' && cell !== 'retired')
    .flatMap(cell => cell.split(',').map(word => word.trim().toLowerCase()))
}

/** 'markStopped' -> ['mark', 'stopped']. */
const wordsOf = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_]+/)

it('exports no name with a word that the glossary has retired', () => {
  const retired = retiredWords()
  expect(retired.length).toBeGreaterThan(20)
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(exported)]
      .map(match => match[1]!)
      .filter(name =>
        retired.some(word => wordsOf(name).includes(word) || (word.length > 8 && name.toLowerCase().includes(word))),
      )
      .map(name => `${path} exports ${name}; docs/glossary.md has the field's word.`),
  )
  expect(found).toEqual([])
})

it('declares each type name once', () => {
  const places = new Map<string, string[]>()
  for (const { path, text } of files.filter(({ path }) => !path.endsWith('.d.ts')))
    for (const [, name] of text.matchAll(declared)) places.set(name!, [...(places.get(name!) ?? []), path])
  const twice = [...places].filter(([, paths]) => paths.length > 1)
  expect(
    twice.map(([name, paths]) => `${name} is declared in ${paths.join(' and ')}; one name for one thing.`),
  ).toEqual([])
})

it('names in comments only files that are there', () => {
  const everything = ['src', 'test', 'scripts', 'shaders', 'wasm', 'docs'].flatMap(folder =>
    sourcesIn(folder, ['.ts', '.vue', '.wgsl', '.css', '.md', '.py', '.sh', '.txt', '.json']).map(({ path }) => path),
  )
  const names = new Set(everything.map(path => basename(path)))
  const found = sourcesIn('src', ['.ts', '.vue']).flatMap(({ path, text }) =>
    commentsOf(text)
      .flatMap(comment =>
        [...comment.matchAll(/(?<![\w<*`'"./-])((?:[\w-]+\/)*[\w-]+\.(?:ts|vue|wgsl|md))\b/g)].map(match => match[1]!),
      )
      .filter(name => !(name.includes('/') ? everything.some(file => file.endsWith(name)) : names.has(name)))
      .map(name => `${path} speaks of ${name}, which is not there.`),
  )
  expect(found).toEqual([])
})

/** Line comments and block comments of a source; a `//` within an address is not one. */
function commentsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|\s)\/\/ .*|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/gm)].map(match => match[0])
}
