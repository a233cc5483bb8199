// Branches side by side along the channels.  xs [... C1], [... C2], ... -> y [... C1 + C2 + ...]

import readWgsl from '../../../shaders/elementwise/concat-read.wgsl?raw'
import writeWgsl from '../../../shaders/elementwise/concat-write.wgsl?raw'
import { CoreError } from '../error.ts'
import { elementKernel } from '../kernels/kernel.ts'
import { shapeText, type Tensor } from '../tensor/tensor.ts'

export function concat(xs: readonly Tensor[]): Tensor {
  if (xs.length === 0) throw new CoreError('bad-model', 'A concat has no branches.', 'Give it at least one.')
  const { trace, shape } = xs[0]!
  const places = shape.slice(0, -1)
  const wrong = xs.find(x => shapeText(x.shape.slice(0, -1)) !== shapeText(places))
  if (wrong) {
    throw new CoreError(
      'shape-mismatch',
      `Cannot put ${shapeText(shape)} and ${shapeText(wrong.shape)} side by side.`,
      'Give all branches the same strides and padding.',
    )
  }
  const TOTAL = xs.reduce((sum, x) => sum + x.shape.at(-1)!, 0)
  const y = trace.tensor([...places, TOTAL])
  const parts = xs.map((x, i) => ({
    x,
    LENGTH: x.size,
    C: x.shape.at(-1)!,
    TOTAL,
    FIRST: xs.slice(0, i).reduce((sum, { shape }) => sum + shape.at(-1)!, 0),
  }))
  for (const { x, ...constants } of parts) trace.call(concatWrite, { x, y }, constants)
  trace.onBackward(y, dy =>
    parts.map(({ x, ...constants }) => {
      const dx = trace.tensor(x.shape)
      trace.call(concatRead, { dy, dx }, constants)
      return [x, dx] as const
    }),
  )
  return y
}

export const concatWrite = elementKernel({
  name: 'concat-write',
  source: writeWgsl,
  bindings: { x: 'read', y: 'update' },
  half: ['x', 'y'],
  elements: c => c.LENGTH!,
  reference: ({ x, y }, { C, TOTAL, FIRST }) => {
    for (let i = 0; i < x.length; i++) y[Math.floor(i / C!) * TOTAL! + FIRST! + (i % C!)] = x[i]
  },
})

export const concatRead = elementKernel({
  name: 'concat-read',
  source: readWgsl,
  bindings: { dy: 'read', dx: 'write' },
  half: ['dy', 'dx'],
  elements: c => c.LENGTH!,
  reference: ({ dy, dx }, { C, TOTAL, FIRST }) => {
    for (let i = 0; i < dx.length; i++) dx[i] = dy[Math.floor(i / C!) * TOTAL! + FIRST! + (i % C!)]
  },
})
