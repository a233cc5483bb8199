// The library of a story, opened in this process: as the page asks it, and its rows with what the photos really show.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createDirectClient } from '../../../src/contract/direct.ts'
import type { Client } from '../../../src/contract/table.ts'
import { createAppService } from '../../../src/main/app/app-service.ts'
import { truthOf } from './noisy.ts'
import type { Story } from './winnow.ts'

/** What the page would ask of the library; closed again when `ask` is done. */
export async function asking<T>(
  { work, root }: Story,
  library: string,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const service = createAppService({
    host: 'terminal',
    version: 'acceptance',
    configFolder: join(work, 'config'),
    librariesFolder: work,
    homeFolder: work,
    backbonePath: join(root, 'build', 'backbone', 'mobilenet-v2-folded.safetensors'),
    decoderPath: join(root, 'src', 'main', 'pixels', 'pool', 'decoder.ts'),
  })
  try {
    await service.openLibraryAt(library)
    return await ask(createDirectClient(service))
  } finally {
    await service.close()
  }
}

export interface NoisyRow {
  readonly row: number
  readonly photoId: number
  /** The label the run saw, as index into its classes. */
  readonly label: number
  readonly split: number
  /** Filed under another class than it shows. */
  readonly wrong: boolean
  readonly truth: string | null
}

/** The rows of a run of photos that were filed by `fileWithNoise`. */
export function noisyRows(library: string, runId: number): { readonly rows: NoisyRow[]; readonly classes: number } {
  const db = new Database(join(library, 'library.db'), { readonly: true })
  try {
    const names = (
      JSON.parse(db.prepare('SELECT classes_json FROM run WHERE id = ?').pluck().get(runId) as string) as {
        name: string
      }[]
    ).map(({ name }) => name)
    const found = db
      .prepare(
        'SELECT row, photo_id AS photoId, label, run_row.split, photo.name FROM run_row JOIN photo ON photo.id = photo_id WHERE run_id = ? ORDER BY row',
      )
      .all(runId) as { row: number; photoId: number; label: number; split: number; name: string }[]
    const rows = found.map(({ name, ...row }) => {
      const truth = truthOf(name)
      return { ...row, truth, wrong: truth !== null && truth !== names[row.label] }
    })
    return { rows, classes: names.length }
  } finally {
    db.close()
  }
}

/** A file of f32 of a run. */
export function floatsOf(library: string, runId: number, ...path: string[]): Float32Array {
  const bytes = readFileSync(join(library, 'runs', String(runId), ...path))
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}
