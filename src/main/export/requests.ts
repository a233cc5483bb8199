// The export requests, and the bytes of written exports and of reports, as the service offers them.

import type { SplitName } from '../../contract/records.ts'
import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import { adviseOn, judgeCalibration, judgeConfusion, judgeReport } from '../review/judge.ts'
import { getRun } from '../runs/rows.ts'
import { createExport, fileNameOf, readExport } from './create.ts'
import { csvReport } from './report-csv.ts'
import { htmlReport } from './report-html.ts'
import type { Language } from './report-words.ts'

export function exportRequests(context: LibraryContext): Pick<Service['requests'], 'exports.create'> {
  return { 'exports.create': ({ runId }, signal) => createExport(context, runId, signal) }
}

export function exportBytes(context: LibraryContext): Pick<Service['bytes'], 'export' | 'report'> {
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
        return { bytes: new TextEncoder().encode(text), fileName: `${fileNameOf(getRun(context.library.db, runId))} ${split}.${format}` }
      },
    },
  }
}

async function pageOf(context: LibraryContext, runId: number, split: SplitName, language: Language): Promise<string> {
  const judged = { runId, split }
  return htmlReport({
    run: getRun(context.library.db, runId),
    report: await judgeReport(context, judged),
    confusion: await judgeConfusion(context, judged),
    calibration: await judgeCalibration(context, judged),
    advice: await adviseOn(context, runId),
    language,
    at: context.now().toISOString(),
  })
}
