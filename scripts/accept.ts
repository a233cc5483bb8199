// `npm run accept -- --data <folder> [--only mnist,clothing,...] [--long] [--work <folder>]`: the whole job on real
// photos, through the terminal host as a person would use it. Prints a table of what must be shown with the time of
// each stage and the adapter's name; exit 1 when a line is missed. `--long` adds what takes an hour and more on a
// software GPU. The data's README says what the files are; they are unpacked into the work folder, never into the
// project.

import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import '../test/bench/raw-imports.ts'
import { Report } from '../test/accept/steps/report.ts'
import { buildIfNeeded } from './build-if-needed.ts'

// The services know nets, whose shaders plain Node can import from here on.
const { stories, usual } = await import('../test/accept/stories.ts')
type StoryName = keyof typeof stories

const { values } = parseArgs({
  options: { data: { type: 'string' }, only: { type: 'string' }, long: { type: 'boolean' }, work: { type: 'string' } },
})
if (!values.data) fail('Say where the data is: npm run accept -- --data <folder>')
const names = (values.only?.split(',') ?? Object.keys(values.long ? stories : usual)) as StoryName[]
const unknown = names.find(name => !(name in stories))
if (unknown) fail(`There is no story "${unknown}". Choose among ${Object.keys(stories).join(', ')}.`)

const root = join(import.meta.dirname, '..')
await buildIfNeeded(root)
const work = values.work ? resolve(values.work) : mkdtempSync(join(tmpdir(), 'winnow-accept-'))
mkdirSync(work, { recursive: true })
const report = new Report()
for (const name of names) {
  console.log(`\n== ${name}`)
  await stories[name]({ data: resolve(values.data), work, root, report })
}
report.print()
process.exitCode = report.missed === 0 ? 0 : 1

function fail(sentence: string): never {
  console.error(sentence)
  process.exit(2)
}
