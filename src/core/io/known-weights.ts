// The weights of a file with the preset that they are of, recognised by its tensors where the file does not say it.

import { recognisePreset } from '../nn/recognise.ts'
import { decodeWeights, type ReadWeights } from './checkpoint.ts'

/** Large enough for every preset: shapes hang on it only in nets that flatten the photo. */
const square = { height: 224, width: 224, channels: 3 }

/** As `decodeWeights`; `preset` is null only where the tensors are those of none. Throws CoreError 'bad-checkpoint'. */
export function readWeights(file: Uint8Array, input = square): ReadWeights {
  const read = decodeWeights(file)
  return read.preset === null ? { ...read, preset: recognisePreset(read.weights, input) ?? null } : read
}
