// What the pages for people name is there: files that links and code spans point at, headings, and the options of the
// terminal's commands.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Terminal } from '../main/hosts/cli/terminal.ts'
import { root } from './sources.ts'

const terminal = new Terminal()
afterAll(() => terminal.remove())

const pages = [
  ...['README.md', 'README.ko.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
  ...readdirSync(join(root, 'docs')).flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : [])),
].map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const files = ['docs', 'scripts', 'shaders', 'src', 'test']
  .flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      path => `${folder}/${path.split(sep).join('/')}`,
    ),
  )
  .filter(path => !path.includes('node_modules'))
/** What stands between backticks. */
const spans = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(match => match[1]!)
const anchors = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(match =>
    match[1]!
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

describe.each(pages)('$path', ({ path, text }) => {
  it('leads somewhere with each of its links', () => {
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (link!.startsWith('https://')) continue // the source of a term: nothing is fetched here
      const [file, anchor] = link!.split('#') as [string, string?]
      const target = file === '' ? path : join(dirname(path), file)
      expect(existsSync(join(root, target)), link).toBe(true)
      if (anchor !== undefined) expect(anchors(readFileSync(join(root, target), 'utf8')), link).toContain(anchor)
    }
  })

  it('names only files that there are', () => {
    const named = spans(text)
      .flatMap(span => span.split(/[ ,]/))
      .filter(
        word =>
          /^(?:src|test|scripts|shaders|docs)\/[\w./-]+$|^[\w./-]+\.(?:ts|vue|wgsl|sh|py|md)$/.test(word) &&
          word !== 'mine.ts',
      )
    const there = (word: string) =>
      existsSync(join(root, word)) || files.some(file => file.endsWith(`/${word.replace(/^(?:\.\.?\/)+/, '')}`))
    expect(named.filter(word => !there(word))).toEqual([])
  })

  it('names only commands and options of the terminal that there are', async () => {
    for (const span of spans(text)) {
      const [, told, command, rest] = /^((?:npm run -s )?winnow (?:-- )?)?([a-z-]+)(?: (.*))?$/.exec(span) ?? []
      if (command === undefined || (told === undefined && !rest?.includes('-'))) continue
      const { out: about } = await terminal.run(command, '--help')
      const sub = about.includes('\nCommands:') ? rest?.split(' ', 1) : undefined
      const out = sub ? (await terminal.run(command, ...sub, '--help')).out : about
      if (told === undefined && !out.startsWith(`Usage: winnow ${command} `)) continue
      expect(out, span).toContain(`Usage: winnow ${command} `)
      for (const option of (rest ?? '').split(/[\s[\]]+/).filter(word => /^--?[a-zA-Z]/.test(word)))
        expect(out, span).toMatch(new RegExp(`(?:^|\\s)${option}\\b`))
    }
  })
})
