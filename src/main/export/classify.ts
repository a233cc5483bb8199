// A folder of photos asked about as a whole: every photo through the run's exported model (the engine that also checks
// exports), the answers as CSV and, where wished, copies sorted by answer. It runs in the service, so it goes on
// whatever the page does. Originals are only read.

import { join } from 'node:path'
import { ServiceError } from '../../contract/errors.ts'
import type { JobControl, LibraryContext } from '../library/context.ts'
import { csvText } from '../formats/csv-writer.ts'
import { openSource } from '../library/import/sources.ts'
import { isPhoto } from '../library/import/steps.ts'
import type { Unpacking } from '../library/files/unpack.ts'
import { readIfThere, writeWhole } from '../runs/files/run-files.ts'
import { beginCopies, openCopies, type Copies, type CopiesPlace } from './dataset/copies.ts'
import { encodeRun } from './model/create.ts'
import { passOver } from './dataset/dataset.ts'
import { openEngine } from './model/engine.ts'
import { predictPhotos, type PhotoAnswer } from './model/predict.ts'

/** What stands in the row of the job. */
export interface ClassifyParams {
  readonly runId: number
  /** Absolute: a folder, or a list or archive that could be imported. */
  readonly source: string
  /** Answers with less confidence are "unknown"; 0 takes every answer. */
  readonly unknownBelow?: number
  readonly copiesTo?: CopiesPlace | undefined
  /** An earlier session began the copies. */
  readonly begun?: boolean
}

/** What the model says of one file. `label` null: not sure enough (confidence says how sure), or not readable (problem
 *  says why). */
interface Classified {
  readonly path: string
  readonly label: string | null
  /** The most probable first, at most three; empty where the file cannot be read. */
  readonly ranked: readonly { readonly label: string; readonly confidence: number }[]
  readonly problem: string
}

/**
 * Work of a job of kind 'classify'; a paused one goes on where it was, with the photos it began with; in a later
 * session it asks anew and passes over the copies that are there. Result: run, photos, unknown, unread, copied.
 */
export function classifyWork(context: LibraryContext, wanted: ClassifyParams): (control: JobControl) => Promise<void> {
  const { copiesTo, unknownBelow = 0 } = wanted
  const answers: Classified[] = []
  const counts = { run: wanted.runId, unknown: 0, unread: 0, copied: 0 }
  let copies: Promise<Copies> | null = null
  let listed: readonly string[] | null = null
  return async control => {
    const engine = await openEngine(await encodeRun(context, wanted.runId))
    try {
      const paths = (listed ??= await listPhotos(wanted.source, context.library.paths.looked, control))
      const sorted = copiesTo
        ? await (copies ??= beginCopies(context, control.jobId, openCopies(copiesTo, [wanted.source], wanted.begun)))
        : null
      const report = () => {
        control.progress(answers.length, paths.length)
        control.result({ ...counts, photos: answers.length })
      }
      report()
      for await (const said of predictPhotos(
        engine,
        paths.slice(answers.length),
        context.pixels.pool,
        control.signal,
      )) {
        const answer = judge(said, unknownBelow)
        if (sorted && (await sorted.copy(answer.path, [subFolderOf(answer)]).catch(passOver)) !== null) counts.copied++
        answers.push(answer)
        if (answer.ranked.length === 0) counts.unread++
        else if (answer.label === null) counts.unknown++
        report()
      }
      await writeWhole(classifiedFile(context, control.jobId), new TextEncoder().encode(answersCsv(answers)))
    } finally {
      await engine.close()
    }
  }
}

/** The CSV of a job that has ended. ServiceError 'no-answers'. */
export async function readClassified(context: LibraryContext, jobId: number): Promise<Uint8Array> {
  const bytes = await readIfThere(classifiedFile(context, jobId))
  if (bytes) return bytes
  throw new ServiceError(
    'no-answers',
    `Job ${jobId} has no answers: it has not ended, or was something else.`,
    'Wait for it to end, or classify the folder again.',
  )
}

async function listPhotos(source: string, unpackTo: string, by: Unpacking): Promise<string[]> {
  const paths: string[] = []
  const { steps } = await openSource(source, { signal: by.signal, unpack: { folder: unpackTo, by } })
  for await (const step of steps) if (isPhoto(step)) paths.push(step.path)
  if (paths.length > 0) return paths
  throw new ServiceError('no-photos', `There are no photos in ${source}.`, 'Choose a folder with photos in it.')
}

function judge(answer: PhotoAnswer, unknownBelow: number): Classified {
  if ('problem' in answer) return { path: answer.path, label: null, ranked: [], problem: answer.problem.reason }
  const ranked = Object.entries(answer.probabilities)
    .map(([label, confidence]) => ({ label, confidence }))
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 3)
  return {
    path: answer.path,
    label: ranked[0]!.confidence < unknownBelow ? null : ranked[0]!.label,
    ranked,
    problem: '',
  }
}

/** Classes never clash with the two folders of the rest: brackets are no part of a class's own folder name otherwise.
 */
function subFolderOf({ label, ranked }: Classified): string {
  return label ?? (ranked.length > 0 ? '(unknown)' : '(not readable)')
}

function answersCsv(answers: readonly Classified[]): string {
  const header = ['path', 'label', 'confidence', 'second', 'second confidence', 'third', 'third confidence', 'problem']
  return csvText([
    header,
    ...answers.map(({ path, label, ranked, problem }) => {
      const [first, second, third] = ranked
      const shown = (answer: (typeof ranked)[number] | undefined) => [
        answer?.label ?? '',
        answer?.confidence.toFixed(4) ?? '',
      ]
      return [
        path,
        label ?? (first ? 'unknown' : ''),
        first?.confidence.toFixed(4) ?? '',
        ...shown(second),
        ...shown(third),
        problem,
      ]
    }),
  ])
}

function classifiedFile(context: LibraryContext, jobId: number): string {
  return join(context.library.paths.cache, 'classified', `${jobId}.csv`)
}
