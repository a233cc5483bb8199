// The best and the last checkpoint of a run, one file each. A new one is written beside the old one, read back and
// decoded, and only then takes its place: there is never a moment without a whole checkpoint.

import { ServiceError } from '../../../contract/errors.ts'
import type { Run } from '../../../contract/records.ts'
import { decodeCheckpoint, type Checkpoint } from '../../../core/io/checkpoint.ts'
import type { LibraryContext } from '../../library/context.ts'
import { isDamagedFile, readRunFile, writeRunFile } from './checksums.ts'
import { type CheckpointKind, runFiles } from './run-files.ts'
import { getRun } from '../rows.ts'

/** Keeps `bytes` as the run's checkpoint of this kind. CoreError 'bad-checkpoint', ServiceError 'foreign-checkpoint' or
 *  of the disk. */
export async function writeCheckpoint(
  context: LibraryContext,
  runId: number,
  kind: CheckpointKind,
  bytes: Uint8Array,
): Promise<void> {
  const run = getRun(context.library.db, runId)
  await writeRunFile(runFiles(context, runId).checkpoint(kind), bytes, written =>
    checkBelongs(decodeCheckpoint(written), run),
  )
}

/** The file's bytes. ServiceError 'no-checkpoint'. */
export async function readCheckpointFile(
  context: LibraryContext,
  runId: number,
  kind: CheckpointKind,
): Promise<Uint8Array<ArrayBuffer>> {
  const run = getRun(context.library.db, runId)
  const bytes = await readRunFile(runFiles(context, runId).checkpoint(kind))
  if (!bytes) throw noCheckpoint(run, `has no ${kind} checkpoint`)
  return bytes
}

/** The best checkpoint; the last one, with its averaged weights if it has them, where the best is absent or damaged.
 *  ServiceError 'no-checkpoint' where neither can be read, 'damaged-file' where one is there and not what was written. */
export async function readUsableCheckpoint(
  context: LibraryContext,
  runId: number,
): Promise<Checkpoint & { readonly kind: CheckpointKind }> {
  const run = getRun(context.library.db, runId)
  const files = runFiles(context, runId)
  let damage: unknown = noCheckpoint(run, 'has no checkpoint yet')
  for (const kind of ['best', 'last'] as const) {
    try {
      const bytes = await readRunFile(files.checkpoint(kind))
      if (!bytes) continue
      const checkpoint = decodeCheckpoint(bytes)
      return { ...checkpoint, weights: checkpoint.average ?? checkpoint.weights, kind }
    } catch (error) {
      damage = isDamagedFile(error)
        ? error
        : noCheckpoint(
            run,
            `has a damaged ${kind} checkpoint (${error instanceof Error ? error.message : String(error)})`,
          )
    }
  }
  throw damage
}

/** ServiceError 'foreign-checkpoint' where the checkpoint is of other classes or another size than the run. */
export function checkBelongs({ model }: Checkpoint, run: Run): void {
  const names = run.classes.map(({ name }) => name)
  const { size, channels } = run.settings
  const { input } = model
  if (
    model.classes.join('\0') !== names.join('\0') ||
    input.height !== size ||
    input.width !== size ||
    input.channels !== channels
  ) {
    throw new ServiceError(
      'foreign-checkpoint',
      `The checkpoint has ${model.classes.length} classes and an input of ${input.height} x ${input.width} x ${input.channels}, which are not those of ${run.name}.`,
      'Send the checkpoint of this run.',
    )
  }
}

function noCheckpoint(run: Run, detail: string): ServiceError {
  return new ServiceError(
    'no-checkpoint',
    `${run.name} ${detail}.`,
    'Train it for at least one epoch, or choose another run.',
  )
}
