// What the service offers about taking things out of a library: models, the cleaned data set, answers for other photos,
// reports.

import { ServiceError } from '../../contract/errors.ts'
import { listFormats } from '../../contract/export-formats.ts'
import type { SplitName } from '../../contract/records.ts'
import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import type { Folders } from '../app/folder-picker.ts'
import { labelRevision } from '../library/decisions/history.ts'
import type { SessionJobHandlers } from '../library/session.ts'
import { adviseOn, evaluateCalibration, evaluateConfusion, evaluateReport } from '../review/evaluation/evaluate.ts'
import { getRun } from '../runs/rows.ts'
import { classifyWork, readClassified, type ClassifyParams } from './classify.ts'
import { createExport, fileNameOf, readExport } from './model/create.ts'
import { datasetWork, type DatasetParams } from './dataset/dataset.ts'
import { datasetList } from './dataset/dataset-lists.ts'
import { csvReport } from './report-csv.ts'
import { htmlReport } from './report-html.ts'
import type { Language } from './report-words.ts'
import { createTemporaryPhotos, largestTemporaryPhoto } from './temporary-photos.ts'

export function exportRequests(
  context: LibraryContext,
  folders: Folders,
): Pick<Service['requests'], 'exports.create' | 'exports.dataset' | 'classify.start'> {
  const {
    jobs,
    library: { db },
  } = context
  return {
    'exports.create': (query, signal) => createExport(context, query, signal),
    'exports.dataset'({ to, format = 'folder', variants }) {
      if (variants && format !== 'folder') throw variantsInFolders(format)
      const params: DatasetParams = {
        folder: folders.pathOf(to.folderId),
        name: to.name,
        format,
        variants,
        revision: labelRevision(db),
      }
      return { jobId: jobs.start('export', params, datasetWork(context, params)).jobId }
    },
    'classify.start'({ runId, folderId, copiesTo, unknownBelow = 0 }) {
      getRun(db, runId)
      const place = copiesTo && { folder: folders.pathOf(copiesTo.folderId), name: copiesTo.name }
      const params: ClassifyParams = { runId, source: folders.pathOf(folderId), unknownBelow, copiesTo: place }
      return { jobId: jobs.start('classify', params, classifyWork(context, params)).jobId }
    },
  }
}

function variantsInFolders(format: string): ServiceError {
  return new ServiceError(
    'bad-request',
    `Changed copies of training photos are written into class folders, not as ${format}.`,
    'Choose the format folder, or leave out the variants.',
  )
}

/** How a later session takes up the jobs of this service that the program's end cut off. */
export const exportJobHandlers: SessionJobHandlers = {
  classify: (context, control, params) => classifyWork(context, params as ClassifyParams)(control),
  export: (context, control, params) => datasetWork(context, params as DatasetParams)(control),
}

export function exportBytes(
  context: LibraryContext,
): Pick<Service['bytes'], 'export' | 'report' | 'dataset' | 'classified' | 'visitor' | 'visitorPixels'> {
  const photos = createTemporaryPhotos(context)
  return {
    export: {
      async get({ exportId }) {
        const { record, bytes } = await readExport(context, exportId)
        return { bytes, fileName: record.fileName }
      },
    },
    report: {
      async get({ runId, split, format, language = 'en' }) {
        const text = format === 'csv' ? csvReport(context, runId, split) : await pageOf(context, runId, split, language)
        return {
          bytes: new TextEncoder().encode(text),
          fileName: `${fileNameOf(getRun(context.library.db, runId))} ${split}.${format}`,
        }
      },
    },
    dataset: {
      get: async ({ format = 'csv', paths }) => ({
        bytes: new TextEncoder().encode(await datasetList(context.library.db, { format, paths })),
        fileName: `${context.library.name}${listFormats[format].ending}`,
      }),
    },
    classified: {
      get: async ({ jobId }) => ({ bytes: await readClassified(context, jobId), fileName: `answers-${jobId}.csv` }),
    },
    visitor: {
      get: async photo => ({ bytes: await photos.picture(photo) }),
      put: (photo, body) => photos.put(photo, body),
      largest: () => largestTemporaryPhoto,
    },
    visitorPixels: { get: async ({ runId, ...photo }) => ({ bytes: await photos.pixels(photo, runId) }) },
  }
}

async function pageOf(context: LibraryContext, runId: number, split: SplitName, language: Language): Promise<string> {
  const evaluated = { runId, split }
  return htmlReport({
    run: getRun(context.library.db, runId),
    report: await evaluateReport(context, evaluated),
    confusion: await evaluateConfusion(context, evaluated),
    calibration: await evaluateCalibration(context, evaluated),
    advice: await adviseOn(context, runId),
    language,
    at: context.now().toISOString(),
  })
}
