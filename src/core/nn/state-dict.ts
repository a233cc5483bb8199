// Between core's layout and PyTorch's: filters [R S C/G K] <-> [K C/G R S], dense [in, out] <-> [out, in], and the
// inputs of a dense layer or norm after a flatten, which core counts as H W C and PyTorch as C H W. Everything else is
// the same in both.

import { CoreError } from '../error.ts'
import { shapeText } from '../tensor/shape.ts'
import type { Store } from '../tensor/store.ts'
import type { ModelDescription, StateDict } from './description.ts'
import { flattenedInputs, type FlattenedRow } from './flattened.ts'

type TensorValues = Float32Array<ArrayBuffer>

/** Parameters and running statistics of the store in PyTorch's layout. All are asked for at once: a readback waits some
 *  milliseconds for a real GPU. */
export async function readStateDict(store: Store, description: ModelDescription): Promise<StateDict> {
  const names = [...store.names()].filter(([name]) => belongsToModel(name))
  const statistics = names
    .filter(([, { role }]) => role !== 'parameter')
    .map(async ([name]) => [name, await store.read(name)] as const)
  const [parameters, ...others] = await Promise.all([store.readParameters(), ...statistics])
  const values = new Map([...parameters, ...others])
  const flattened = flattenedInputs(description)
  return new Map(names.map(([name, { shape }]) => [name, toTorch(name, shape, values.get(name)!, flattened)]))
}

/** Writes every tensor of the model. Throws CoreError 'bad-checkpoint' naming the first that is missing or does not
 *  fit. */
export function writeStateDict(store: Store, description: ModelDescription, state: StateDict): void {
  const flattened = flattenedInputs(description)
  for (const [name, tensor] of store.names()) {
    if (!belongsToModel(name)) continue
    const entry = state.get(name)
    if (!entry)
      throw new CoreError(
        'bad-checkpoint',
        `The checkpoint holds no ${name}.`,
        'Use the checkpoint with the model it was made for.',
      )
    const wanted = torchShape(name, tensor.shape)
    if (shapeText(wanted) !== shapeText(entry.shape)) {
      throw new CoreError(
        'bad-checkpoint',
        `${name} is ${shapeText(entry.shape)} in the checkpoint but ${shapeText(wanted)} in the model.`,
        'Use the checkpoint with the model it was made for.',
      )
    }
    checkNumbers(name, entry.data, tensor.size)
    store.write(name, fromTorch(name, tensor.shape, entry.data, flattened))
  }
}

function checkNumbers(name: string, data: TensorValues, size: number): void {
  if (data.length !== size)
    throw new CoreError(
      'bad-checkpoint',
      `${name} has ${data.length} values in the checkpoint but its shape needs ${size}.`,
      'Use another checkpoint.',
    )
  const wrong = data.findIndex(value => !Number.isFinite(value))
  if (wrong >= 0)
    throw new CoreError(
      'bad-checkpoint',
      `Value ${wrong} of ${name} in the checkpoint is ${data[wrong]}, which is not a number to compute with.`,
      'Use another checkpoint: the net it was saved from had gone astray.',
    )
}

/** Parameters and running statistics; not the optimizer's moments, the data set or the metrics. */
function belongsToModel(name: string): boolean {
  return /\.(weight|bias|running_mean|running_var)$/.test(name)
}

/** A tensor's shape in the state dict. */
export function torchShape(name: string, shape: readonly number[]): readonly number[] {
  if (!name.endsWith('.weight')) return shape
  if (shape.length === 4) return [shape[3]!, shape[2]!, shape[0]!, shape[1]!]
  return shape.length === 2 ? [shape[1]!, shape[0]!] : shape
}

type Flattened = ReadonlyMap<string, FlattenedRow>

function toTorch(name: string, shape: readonly number[], values: TensorValues, flattened: Flattened) {
  const data = new Float32Array(values.length)
  eachPlace(name, shape, flattened, (core, torch) => (data[torch] = values[core]!))
  return { shape: torchShape(name, shape), data }
}

function fromTorch(name: string, shape: readonly number[], values: TensorValues, flattened: Flattened): TensorValues {
  const data = new Float32Array(values.length)
  eachPlace(name, shape, flattened, (core, torch) => (data[core] = values[torch]!))
  return data
}

/** Visits every element with its index in both layouts. */
function eachPlace(
  name: string,
  shape: readonly number[],
  flattened: Flattened,
  visit: (core: number, torch: number) => void,
): void {
  if (name.endsWith('.weight') && shape.length === 4) return eachFilterPlace(shape, visit)
  const [inputs, units = 1] = shape as [number, number?]
  eachRowPlace(inputs, units, flattened.get(name) ?? [[1, inputs]], visit)
}

function eachFilterPlace([R, S, C, K]: readonly number[], visit: (core: number, torch: number) => void): void {
  let core = 0
  for (let tap = 0; tap < R! * S!; tap++) {
    for (let c = 0; c < C!; c++) {
      for (let k = 0; k < K!; k++) visit(core++, (k * C! + c) * R! * S! + tap)
    }
  }
}

/** [inputs, units] in core, [units, inputs] in PyTorch; of a vector there is one unit. */
function eachRowPlace(
  inputs: number,
  units: number,
  row: FlattenedRow,
  visit: (core: number, torch: number) => void,
): void {
  let [core, first] = [0, 0]
  for (const [pixels, channels] of row) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < channels; c++) {
        for (let unit = 0; unit < units; unit++) visit(core++, unit * inputs + first + c * pixels + pixel)
      }
    }
    first += pixels * channels
  }
}
