// The export requests and the bytes of written exports, as the service offers them.

import type { Service } from '../../contract/table.ts'
import type { LibraryContext } from '../library/context.ts'
import { createExport, readExport } from './create.ts'

export function exportRequests(context: LibraryContext): Pick<Service['requests'], 'exports.create'> {
  return { 'exports.create': ({ runId }, signal) => createExport(context, runId, signal) }
}

export function exportBytes(context: LibraryContext): Pick<Service['bytes'], 'export'> {
  return {
    export: {
      async get({ exportId }) {
        const { record, bytes } = await readExport(context, exportId)
        return { bytes, fileName: record.fileName }
      },
    },
  }
}
