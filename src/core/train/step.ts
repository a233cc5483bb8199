// One training step as a trace: gather, forward, loss, backward, update.

import type { Feed } from '../data/feed.ts'
import { forward } from '../nn/build.ts'
import { crossEntropy } from '../ops/cross-entropy.ts'
import { gatherBatch } from '../ops/gather-batch.ts'
import { Trace } from '../tensor/trace.ts'
import type { Settings } from './settings.ts'

export function traceTrainingStep(settings: Pick<Settings, 'model' | 'batch' | 'optimizer' | 'augmentation' | 'labelSmoothing'>, feed: Feed): Trace {
  const { model, batch, optimizer, augmentation, labelSmoothing } = settings
  const trace = new Trace({ training: true })
  const { images, order, classes } = feed.tensors(trace, 'train')
  const { x, labels } = gatherBatch(images, order, classes, { batch, ...model.normalise, ...(augmentation && { augmentation }) })
  const loss = crossEntropy(forward(model, x), labels, { smoothing: labelSmoothing })
  trace.backward(loss)
  optimizer.update(trace)
  return trace
}
