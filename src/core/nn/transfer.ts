// Begins a net with the weights of another one. Tensors of the same name and shape are taken, the rest starts afresh,
// and a report says which is which. Names and layout are PyTorch's, so weights of torchvision and checkpoints of Winnow
// work alike.

import { CoreError } from '../error.ts'
import type { Store } from '../tensor/store.ts'
import { shapeText } from '../tensor/shape.ts'
import type { ModelDescription, StateDict } from './description.ts'
import { withFoldedBiases } from './folded-biases.ts'
import { stateShapes } from './shapes.ts'
import { isHead } from './stages.ts'
import { readStateDict, writeStateDict } from './state-dict.ts'

/** Weights to begin with, in PyTorch's names and layout: those of an earlier run, or of another library's file. */
export interface SourceWeights {
  readonly state: StateDict
  /** Classes its head was made for, where they are known: a head of other classes is not taken, whatever its shape. */
  readonly classes?: readonly string[]
}

/** Which tensors of a net begin with given weights, by name, and why the others do not. */
export interface TransferReport {
  readonly matched: readonly string[]
  /** In both, but of another shape: "fc.weight is [1000, 512] in the file and [3, 512] here". */
  readonly different: readonly string[]
  /** The head, where it was made for other classes. */
  readonly otherClasses: readonly string[]
  /** In this net alone: these start afresh. */
  readonly missing: readonly string[]
  /** In the source alone. */
  readonly unused: readonly string[]
}

/** Writes into the store what fits of `source`; a bias that a batch norm makes needless goes into the norm's running
 *  mean. Throws CoreError 'bad-checkpoint' where nothing fits. */
export async function transferWeights(
  store: Store,
  model: ModelDescription,
  source: SourceWeights,
): Promise<TransferReport> {
  const own = await readStateDict(store, model)
  const state = forGrey(own, withFoldedBiases(model.layers, source.state))
  const report = compare(own, model, { ...source, state })
  if (report.matched.length === 0) throw nothingFits(model, own, source.state)
  const matched = new Set(report.matched)
  writeStateDict(
    store,
    model,
    new Map([...own].map(([name, entry]) => [name, matched.has(name) ? state.get(name)! : entry])),
  )
  return report
}

/** What `transferWeights` would report, with nothing taken and no device. */
export function compareWeights(model: ModelDescription, source: SourceWeights): TransferReport {
  const own = new Map([...stateShapes(model)].map(([name, shape]) => [name, { shape }]))
  return compare(own, model, { ...source, state: forGrey(own, withFoldedBiases(model.layers, source.state)) })
}

type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>

/** Filters that read colours, summed over them where the net reads grey photos: a grey photo has the same value in each. */
function forGrey(own: Shapes, state: StateDict): StateDict {
  return new Map(
    [...state].map(([name, tensor]) => {
      const [filters = 0, colours, ...window] = tensor.shape
      const wanted = [filters, 1, ...window]
      const summed = tensor.shape.length === 4 && colours === 3 && own.get(name)?.shape.join() === wanted.join()
      const area = window.reduce((product, side) => product * side, 1)
      return [name, summed ? { shape: wanted, data: summedColours(tensor.data, area) } : tensor]
    }),
  )
}

/** [K 3 R S] -> [K 1 R S] */
function summedColours(data: Float32Array, area: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: data.length / 3 }, (_, i) => {
    const first = Math.floor(i / area) * 3 * area + (i % area)
    return data[first]! + data[first + area]! + data[first + 2 * area]!
  })
}

function compare(own: Shapes, model: ModelDescription, { state, classes }: SourceWeights): TransferReport {
  const refused = classes && classes.join('\0') !== model.classes.join('\0') ? isHead(model) : () => false
  const shared = [...own.keys()].filter(name => state.has(name))
  const offered = shared.filter(name => !refused(name))
  const fits = (name: string) => shapeText(own.get(name)!.shape) === shapeText(state.get(name)!.shape)
  return {
    matched: offered.filter(fits),
    different: offered
      .filter(name => !fits(name))
      .map(
        name =>
          `${name} is ${shapeText(state.get(name)!.shape)} in the file and ${shapeText(own.get(name)!.shape)} here`,
      ),
    otherClasses: shared.filter(refused),
    missing: [...own.keys()].filter(name => !state.has(name)),
    unused: [...state.keys()].filter(name => !own.has(name) && !name.endsWith('.num_batches_tracked')),
  }
}

/** The report in a few sentences, for the run log. */
export function transferText({ matched, different, otherClasses, missing, unused }: TransferReport): string {
  const all = matched.length + different.length + otherClasses.length + missing.length
  const rest = [
    ...(otherClasses.length > 0 ? [`Made for other classes, so they start afresh: ${listed(otherClasses)}.`] : []),
    ...(different.length > 0 ? [`Of another shape, so they start afresh: ${listed(different, '; ')}.`] : []),
    ...(missing.length > 0 ? [`Not among them, so they start afresh: ${listed(missing)}.`] : []),
    ...(unused.length > 0 ? [`Not used: ${listed(unused)}.`] : []),
  ]
  return [`${matched.length} of ${all} tensors begin with the given weights.`, ...rest].join(' ')
}

const mostNamed = 12

function listed(names: readonly string[], between = ', '): string {
  const more = names.length - mostNamed
  return names.slice(0, mostNamed).join(between) + (more > 0 ? ` and ${more} more` : '')
}

function nothingFits(model: ModelDescription, own: StateDict, state: StateDict): CoreError {
  return new CoreError(
    'bad-checkpoint',
    `None of the ${state.size} given tensors (${listed([...state.keys()])}) fits ${model.preset}, which has ${listed([...own.keys()])}.`,
    'Choose the preset that the weights were made with.',
  )
}
