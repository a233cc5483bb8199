// temporary registry
import type { Kernel } from '../gpu/kernel.ts'
import { isFusable, type FusableKernel } from '../gemm/fused.ts'
import { ownConstants, prefixed } from '../gemm/epilogue.ts'
import { elementForm, grainOfRows, itemForm, type WasmForm, type WasmPass, type WasmStage } from './wasm-form.ts'
import { columnSumPass, convForwardPasses, convInputGradientPasses, convWeightGradientPasses, matmulPasses } from './product-passes.ts'

type D = Readonly<Record<string, number>>
const optimiser = (entry: string) => itemForm(entry, (c: D) => ({ items: c['BLOCKS']!, elements: 64 * 8 }))
const pooled = (c: D) => ({ items: c['N']! * c['P']! * c['Q']!, elements: c['C']! * c['R']! * c['S']! })
const photoOf = (c: D) => ({ items: c['N']!, elements: c['H']! * c['W']! * c['C']! })

const forms: Record<string, WasmForm> = {
  product: matmulPasses,
  matmul: matmulPasses,
  'product-sums': c => {
    const passes = matmulPasses(c)
    return passes && [...passes, columnSumPass({ dy: 'b', sums: 'sums' }, { M: c['K']!, K: c['N']!, SPLITS: 1, ROWS: c['K']!, STRIDE: c['N']! })]
  },
  'conv-forward': convForwardPasses,
  'conv-input-gradient': convInputGradientPasses,
  'conv-weight-gradient': convWeightGradientPasses,
  'conv-weight-bias-gradient': convWeightGradientPasses,
  'conv2d-forward': convForwardPasses,
  'conv2d-input-gradient': convInputGradientPasses,
  'conv2d-weight-gradient': convWeightGradientPasses,
  'bias-relu': c => [{ entry: 'biasRelu', items: c['LENGTH']! / c['K']!, grain: grainOfRows(c['K']!), to: { binding: 'y', bytes: c['K']! * 4 } }],
  'column-sum': c => [columnSumPass({ dy: 'dy', sums: 'sums' }, c as never)],
  'relu-forward': elementForm('reluForward', 'x', 'y'),
  'relu-backward': elementForm('reluBackward', 'dy', 'dx'),
  add: elementForm('add', 'a', 'y'),
  scale: elementForm('scaleBy', 'x', 'y'),
  dropout: elementForm('dropout', 'x', 'y'),
  'activation-forward': c => [{ entry: 'activationForward', items: c['LENGTH']!, grain: 2048 }],
  'activation-backward': c => [{ entry: 'activationBackward', items: c['LENGTH']!, grain: 2048 }],
  'concat-write': itemForm('concatWrite', c => ({ items: c['LENGTH']! / c['C']!, elements: c['C']! }), { at: { part: 'x', whole: 'y' } }),
  'concat-read': itemForm('concatRead', c => ({ items: c['LENGTH']! / c['C']!, elements: c['C']! }), { at: { part: 'dx', whole: 'dy' } }),
  softmax: itemForm('softmax', c => ({ items: c['N']!, elements: c['K']! * 32 })),
  'batch-norm-partial': c => [{ entry: 'batchNormPartial', items: c['M']!, grain: c['ROWS']!, from: { binding: 'x', bytes: c['C']! * 4 } }],
  'batch-norm-normalise': c => [
    { entry: 'batchNormMerge', items: c['C']!, grain: 64 },
    { entry: 'batchNormNormalise', items: c['PLACES']!, grain: grainOfRows(c['C']!) },
  ],
  'batch-norm-infer': c => [{ entry: 'batchNormInfer', items: c['M']!, grain: grainOfRows(c['C']!), from: { binding: 'x', bytes: c['C']! * 4 }, to: { binding: 'y', bytes: c['C']! * 4 } }],
  'batch-norm-backward-partial': c => [{ entry: 'batchNormBackwardPartial', items: c['PLACES']!, grain: c['ROWS']!, from: { binding: 'dy', bytes: c['C']! * 4 } }],
  'batch-norm-backward-apply': c => [
    { entry: 'batchNormMergeSums', items: c['C']!, grain: 64 },
    c['POOL'] === 1
      ? { entry: 'batchNormBackwardApply', items: (c['M']! / c['H']! / c['W']!) * Math.ceil(c['H']! / 2), grain: grainOfRows(2 * c['W']! * c['C']!) }
      : { entry: 'batchNormBackwardApply', items: c['M']!, grain: grainOfRows(c['C']!) },
  ],
  'group-norm-statistics': itemForm('groupNormStatistics', c => ({ items: c['N']! * c['GROUPS']!, elements: c['AREA']! * c['C']! / c['GROUPS']! })),
  'group-norm-apply': itemForm('groupNormApply', c => ({ items: c['N']! * c['AREA']!, elements: c['C']! })),
  'group-norm-input-gradient': itemForm('groupNormInputGradient', c => ({ items: c['N']! * c['GROUPS']!, elements: c['AREA']! * c['C']! / c['GROUPS']! })),
  'group-norm-parameter-gradients': c => [{ entry: 'groupNormParameterGradients', items: c['SPLITS']!, grain: 1 }],
  'max-pool-forward': itemForm('maxPoolForward', pooled),
  'max-pool-backward': itemForm('maxPoolBackward', photoOf),
  'average-pool-forward': itemForm('averagePoolForward', pooled),
  'average-pool-backward': itemForm('averagePoolBackward', photoOf),
  'global-average-pool-forward': itemForm('globalAveragePoolForward', c => ({ items: c['N']!, elements: c['AREA']! * c['C']! })),
  'global-average-pool-backward': itemForm('globalAveragePoolBackward', c => ({ items: c['N']!, elements: c['AREA']! * c['C']! })),
  adam: optimiser('adam'),
  sgd: optimiser('sgd'),
  adagrad: optimiser('adagrad'),
  rmsprop: optimiser('rmsprop'),
  'gradient-squares': c => [{ entry: 'gradientSquares', items: c['SUMS']!, grain: 2 }],
  'accumulate-gradients': itemForm('accumulateGradients', c => ({ items: c['BLOCKS']!, elements: 256 })),
  'average-weights': c => [{ entry: 'averageWeights', items: c['LENGTH']!, grain: 16384 }],
  'gather-batch': c => [{ entry: 'gatherBatch', items: c['N']!, grain: 1, threadScratch: c['MIXED'] === 1 ? c['H']! * c['W']! * c['C']! * 4 : 0 }],
  'with-mirrored': itemForm('withMirrored', c => ({ items: c['LENGTH']! / (c['W']! * c['C']!), elements: c['W']! * c['C']! })),
  'mean-of-halves': c => [{ entry: 'meanOfHalves', items: c['LENGTH']!, grain: 16384 }],
  'store-rows': itemForm('storeRows', c => ({ items: c['N']!, elements: c['D']! })),
}

const poolStage: WasmForm = c => [{ entry: 'maxPoolStage', items: 0, grain: 1, values: { W: c['W']!, Q: c['Q']! }, to: { binding: 'y', bytes: c['Q']! * c['C']! * 4 } }]

export function formOf(kernel: Kernel): WasmForm | undefined {
  if (isFusable(kernel) && kernel.epilogues.length > 0) return c => fusedPasses(kernel, c)
  return forms[isFusable(kernel) ? kernel.base.name : kernel.name]
}

function fusedPasses({ base, epilogues }: FusableKernel, c: D): WasmPass[] | undefined {
  const passes = forms[base.name]!(c)
  const last = passes?.at(-1)
  if (!passes || !last) return undefined
  const { n } = base.size(c)
  const stages = epilogues.map(({ epilogue, bindings }): WasmStage | undefined => {
    const constants = ownConstants(epilogue, c)
    const pass = (epilogue.kind === 'window' ? poolStage : forms[epilogue.kernel.name])?.(constants)?.[0]
    if (!pass) return undefined
    const at = Object.fromEntries(bindings.map(name => [name, prefixed(epilogue, name)]))
    const gone = Object.fromEntries((epilogue.optional ?? []).filter(name => !bindings.includes(name)).map(name => [name, null]))
    const bytes = (pass.from ?? pass.to)!.bytes
    return { pass: { ...pass, at: { ...pass.at, ...gone } }, itemsPerRow: bytes === 4 && n !== 1 ? n : 1, constants, bindings: at }
  })
  if (stages.includes(undefined)) return undefined
  const made = stages as WasmStage[]
  const sums = epilogues.findIndex(({ epilogue }) => epilogue.kind === 'column-reduction')
  const window = epilogues.findIndex(({ epilogue }) => epilogue.kind === 'window')
  const grain = sums >= 0 ? made[sums]!.pass.grain : last.grain
  if (window < 0) return [...passes.slice(0, -1), { ...last, grain, stages: made }]
  const own = made[window]!.constants
  const { H, W, P, Q, C, N } = own as Record<string, number>
  return [
    ...passes.slice(0, -1),
    {
      ...last,
      items: N! * P!,
      grain: Math.max(1, Math.floor(64 / (2 * W!))),
      to: { binding: base.result, bytes: Q! * C! * 4 },
      stages: made,
      windows: { pairs: P!, width: W!, photo: H! * W!, bytes: C! * 4 },
    },
  ]
}
