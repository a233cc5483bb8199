// `npm run accept -- --data <folder> [--only mnist,clothing,...] [--long] [--work <folder>]`: the whole job on real
// photos, through the terminal host as a person would use it. Prints a table of what must be shown with the time of
// each stage and the adapter's name; exit 1 when a line is missed. `--long` adds what takes an hour and more on a
// software GPU. The data's README says what the files are; they are unpacked into the work folder, never into the
// project.

import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { blur } from '../test/accept/blur.ts'
import { clothing, clothingWithBadFiles } from '../test/accept/clothing.ts'
import { durability } from '../test/accept/durability.ts'
import { exportedModel } from '../test/accept/exported.ts'
import { labelErrors } from '../test/accept/label-errors.ts'
import { clothingNoise, correctedNoise, mnistNoise } from '../test/accept/label-noise.ts'
import { deepConvnet, mnist } from '../test/accept/mnist.ts'
import { defaultPreset, threeClasses } from '../test/accept/presets.ts'
import { Report } from '../test/accept/report.ts'
import { sideBySide } from '../test/accept/side-by-side.ts'
import { transfer } from '../test/accept/transfer.ts'
import { buildIfNeeded } from './build-if-needed.ts'

const usual = {
  blur,
  mnist,
  clothing,
  'bad-files': clothingWithBadFiles,
  exported: exportedModel,
  default: defaultPreset,
  'three-classes': threeClasses,
  transfer,
  'side-by-side': sideBySide,
  'label-errors': labelErrors,
  'mnist-noise': mnistNoise,
  corrected: correctedNoise,
  durability,
}
const long = { 'deep-convnet': deepConvnet, 'clothing-noise': clothingNoise }
const stories = { ...usual, ...long }
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
