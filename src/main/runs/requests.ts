// Everything the service offers about runs: requests, the event stream, and the bytes of pixels, checkpoints and
// predictions.

import { availableParallelism } from 'node:os'
import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import { readInitialWeights, writeInitialWeights } from './files/initial-weights.ts'
import { readCheckpointFile, writeCheckpoint } from './files/checkpoints.ts'
import { createRun } from './create.ts'
import { estimateRun } from './settings/estimate.ts'
import { appendEvents, readEvents } from './events.ts'
import { deleteRun, finishRun, renameRun } from './finish.ts'
import { readMarginFile, writeMargins } from './files/margins.ts'
import { photoNumber } from '../pixels/augment/augment-draw.ts'
import { rowHashes } from './photos.ts'
import { readPixels } from './files/pixels.ts'
import { readPredictionFile, writePredictions } from './files/predictions.ts'
import { prepareRun } from './prepare.ts'
import { resumeRun } from './resume.ts'
import { dealFolds, readFold, readFoldNet, writeFold, writeFoldNet } from './files/fold-files.ts'
import { getRun, listRuns, readRows, rowColumns } from './rows.ts'
import { readFacts, suggestSettings } from './settings/suggest.ts'

type RunRequestName = Extract<keyof Service['requests'], `runs.${string}`>

export function runRequests(context: LibraryContext): Pick<Service['requests'], RunRequestName> {
  const { db } = context.library
  return {
    'runs.list': () => listRuns(db),
    'runs.get': ({ runId }) => getRun(db, runId),
    'runs.suggest': ({ device }) => suggestSettings(readFacts(db), device, availableParallelism()),
    'runs.estimate': ({ settings, device }) => estimateRun(db, settings, device),
    'runs.create': settings => createRun(context, settings),
    'runs.resume': ({ runId }) => resumeRun(context, runId),
    'runs.prepare': ({ runId }, signal) => prepareRun(context, runId, signal),
    'runs.rows': ({ runId }) => {
      getRun(db, runId)
      return { ...rowColumns(readRows(db, runId)), numbers: rowHashes(db, runId).map(photoNumber) }
    },
    'runs.append': ({ runId, events }) => {
      appendEvents(context, runId, events)
      return {}
    },
    'runs.finish': params => finishRun(context, params),
    'runs.folds': ({ runId, folds, seed }) => dealFolds(context, runId, folds, seed),
    'runs.events': ({ runId }) => readEvents(context, runId),
    'runs.rename': ({ runId, name }) => renameRun(context, runId, name),
    'runs.delete': async ({ runId }) => {
      await deleteRun(context, runId)
      return {}
    },
  }
}

export function runBytes(
  context: LibraryContext,
): Pick<
  Service['bytes'],
  'pixels' | 'checkpoint' | 'beginning' | 'predictions' | 'margins' | 'foldPredictions' | 'foldCheckpoint'
> {
  const run = (runId: number) => getRun(context.library.db, runId)
  const classesOf = (runId: number) => run(runId).classes.length
  /** Of a float for each row and column, with some room: what is a little too much is refused with the numbers. */
  const tableBytes = (runId: number, columns: number) => {
    const { train, validation, test } = run(runId).photos
    return 4 * (train + validation + test) * columns + 65_536
  }
  return {
    pixels: { get: async ({ runId, from, count }) => ({ bytes: readPixels(context, runId, from, count) }) },
    checkpoint: {
      get: async ({ runId, kind }) => ({
        bytes: await readCheckpointFile(context, runId, kind),
        fileName: `run-${runId}-${kind}.safetensors`,
      }),
      put: ({ runId, kind }, body) => writeCheckpoint(context, runId, kind, body),
    },
    beginning: {
      get: async ({ runId }) => ({ bytes: await readInitialWeights(context, runId) }),
      put: ({ runId }, body) => writeInitialWeights(context, runId, body),
    },
    predictions: {
      get: async ({ runId }) => ({ bytes: await readPredictionFile(context, runId) }),
      put: ({ runId }, body) => writePredictions(context, runId, body),
      largest: ({ runId }) => tableBytes(runId, classesOf(runId)),
    },
    margins: {
      get: async ({ runId }) => ({ bytes: await readMarginFile(context, runId) }),
      put: ({ runId }, body) => writeMargins(context, runId, body),
      largest: ({ runId }) => tableBytes(runId, 2),
    },
    foldPredictions: {
      get: async ({ runId, fold }) => ({ bytes: await readFold(context, runId, fold) }),
      put: ({ runId, fold }, body) => writeFold(context, runId, fold, body),
      largest: ({ runId }) => tableBytes(runId, classesOf(runId)),
    },
    foldCheckpoint: {
      get: async ({ runId, fold }) => ({
        bytes: await readFoldNet(context, runId, fold),
        fileName: `run-${runId}-fold-${fold}.safetensors`,
      }),
      put: ({ runId, fold }, body) => writeFoldNet(context, runId, fold, body),
    },
  }
}
