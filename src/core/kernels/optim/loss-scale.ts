// The two ends of loss scaling (Micikevicius et al. 2018): the gradient of the loss multiplied by the scale, and the
// scale taken out of the gradients again, by way of the factor that clipping uses. An update whose gradients overflowed
// is skipped. scale [3]: the scale, good updates since it last changed, skipped updates in all.

import scaleLossWgsl from '../../../../shaders/optim/scale-loss.wgsl?raw'
import unscaleWgsl from '../../../../shaders/optim/unscale-gradients.wgsl?raw'
import { elementKernel, kernel } from '../kernel.ts'

export const scaleLoss = elementKernel({
  name: 'scale-loss',
  source: scaleLossWgsl,
  bindings: { x: 'read', scale: 'read', y: 'write' },
  constants: ['LENGTH'],
  half: ['y'],
  elements: c => c.LENGTH,
  reference: ({ x, scale, y }) => {
    for (let i = 0; i < x.length; i++) y[i] = x[i]! * scale[0]!
  },
})

export const unscaleKernel = kernel({
  name: 'unscale-gradients',
  source: unscaleWgsl,
  bindings: { squares: 'read', scale: 'update', clip: 'write' },
  constants: ['SUMS', 'MAXIMUM', 'PATIENCE', 'LARGEST'],
  grid: () => [1, 1, 1],
  reference: ({ squares, scale, clip }, { MAXIMUM, PATIENCE, LARGEST }) => {
    const total = squares.reduce((sum, value) => sum + value, 0)
    const [before, good, skipped] = scale as unknown as [number, number, number]
    if (!Number.isFinite(total)) {
      clip.fill(0)
      scale.set([Math.max(before / 2, 1), 0, skipped + 1])
      return
    }
    const norm = Math.sqrt(total) / before
    clip.set([(MAXIMUM > 0 ? Math.min(1, MAXIMUM / (norm + 1e-6)) : 1) / before, norm])
    const grows = good + 1 >= PATIENCE
    scale.set([grows ? Math.min(before * 2, LARGEST) : before, grows ? 0 : good + 1, skipped])
  },
})
