// The photos of a run as core takes them: all rows of pixels from the service, in pieces, and the rows of each split.

import { ServiceError } from '../contract/errors.ts'
import type { Client } from '../contract/table.ts'
import type { Run, RunRows } from '../contract/records.ts'
import type { PhotoSet } from '../core/index.ts'

export interface RunPhotos {
  readonly set: PhotoSet
  readonly photoIds: readonly number[]
  readonly train: Uint32Array<ArrayBuffer>
  readonly validation: Uint32Array<ArrayBuffer>
  readonly test: Uint32Array<ArrayBuffer>
}

const pieceBytes = 8 * 2 ** 20

/** ServiceError 'cancelled' where the signal is aborted before all are there; the making of the pixels stops with it.
 */
export async function loadPhotos(client: Client, run: Run, signal?: AbortSignal): Promise<RunPhotos> {
  try {
    return await load(client, run, signal)
  } catch (error) {
    if (signal?.aborted) throw new ServiceError('cancelled', 'Training was stopped before it began.', 'Start it again.')
    throw error
  }
}

async function load(client: Client, run: Run, signal: AbortSignal | undefined): Promise<RunPhotos> {
  const { rows, bytesPerRow } = await client.request('runs.prepare', { runId: run.id }, signal)
  const table = await client.request('runs.rows', { runId: run.id })
  const images = new Uint8Array(rows * bytesPerRow)
  const piece = Math.max(1, Math.floor(pieceBytes / bytesPerRow))
  for (let from = 0; from < rows; from += piece) {
    signal?.throwIfAborted()
    const count = Math.min(piece, rows - from)
    images.set(await client.getBytes('pixels', { runId: run.id, from, count }), from * bytesPerRow)
  }
  const { size, channels } = run.settings
  return {
    set: {
      images,
      labels: Uint32Array.from(table.labels),
      numbers: Uint32Array.from(table.numbers),
      height: size,
      width: size,
      channels,
    },
    photoIds: table.photoIds,
    train: rowsOf(table, 0),
    validation: rowsOf(table, 1),
    test: rowsOf(table, 2),
  }
}

function rowsOf(table: RunRows, split: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from([...table.splits.keys()].filter(row => table.splits[row] === split))
}
