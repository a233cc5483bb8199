// The model of the clothing library, written as ONNX and asked about 200 test photos as files: another engine, the same
// answers.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { clothing, clothingLibrary } from './clothing.ts'
import { winnow, type Story } from './steps/winnow.ts'

interface AppAnswer {
  readonly path: string
  /** By class name. */
  readonly probabilities: ReadonlyMap<string, number>
}

export async function exportedModel(story: Story): Promise<void> {
  const library = clothingLibrary(story)
  if (!existsSync(library)) await clothing(story)
  const file = join(story.work, 'clothing.onnx')
  const exported = await winnow(story, 'export', '-L', library, '-o', file)
  const { parity } = exported.one('export')
  story.report.add({
    what: "ONNX: the export's own comparison on validation photos",
    must: '<= 1e-4, 0 flipped',
    seconds: exported.seconds,
    shown: `${parity.largestDifference.toExponential(1)}, ${parity.flipped} flipped on ${parity.photos} photos (${parity.engine})`,
    held: parity.largestDifference <= 1e-4 && parity.flipped === 0,
  })
  await compareOnTestPhotos(story, library, file)
}

async function compareOnTestPhotos(story: Story, library: string, file: string): Promise<void> {
  const answers = appAnswers(library, 200)
  const predicted = await winnow(story, 'predict', file, ...answers.map(({ path }) => path))
  const byPath = new Map(
    predicted.all('prediction').map(event => [event.path as string, event.probabilities as Record<string, number>]),
  )
  let [largest, flipped] = [0, 0]
  for (const { path, probabilities } of answers) {
    const other = byPath.get(path)
    if (!other) throw new Error(`The exported model gave no answer for ${path}.`)
    for (const [name, p] of probabilities) largest = Math.max(largest, Math.abs(p - other[name]!))
    if (mostProbable([...probabilities]) !== mostProbable(Object.entries(other))) flipped++
  }
  story.report.add({
    what: `ONNX: ${answers.length} test photos as files against the app`,
    must: '<= 1e-4, 0 flipped',
    seconds: predicted.seconds,
    shown: `${largest.toExponential(1)}, ${flipped} flipped`,
    held: answers.length === 200 && largest <= 1e-4 && flipped === 0,
  })
}

function mostProbable(answers: readonly (readonly [string, number])[]): string {
  return answers.reduce((best, answer) => (answer[1] > best[1] ? answer : best))[0]
}

/** What the app itself stored for the first test photos of the latest run. */
function appAnswers(library: string, count: number): AppAnswer[] {
  const db = new Database(join(library, 'library.db'), { readonly: true })
  try {
    const run = db.prepare("SELECT max(id) AS id, classes_json AS classes FROM run WHERE state = 'done'").get() as {
      id: number
      classes: string
    }
    const names = (JSON.parse(run.classes) as { name: string }[]).map(({ name }) => name)
    const rows = db
      .prepare(`SELECT row, root.path || '/' || photo.path AS path FROM run_row JOIN photo ON photo.id = photo_id JOIN root ON root.id = root_id
      WHERE run_id = ? AND run_row.split = 2 ORDER BY row LIMIT ?`)
      .all(run.id, count) as { row: number; path: string }[]
    const bytes = readFileSync(join(library, 'runs', String(run.id), 'predictions.f32'))
    const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    return rows.map(({ row, path }) => ({
      path,
      probabilities: new Map(names.map((name, k) => [name, all[row * names.length + k]!])),
    }))
  } finally {
    db.close()
  }
}
