// Branches side by side along the channels.  xs [... C1], [... C2], ... -> y [... C1 + C2 + ...]

import { CoreError } from '../error.ts'
import { concatRead, concatWrite } from '../kernels/elementwise/concat.ts'
import { shapeText } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/trace.ts'

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
