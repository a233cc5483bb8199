// Fine-tuning: what a net learnt of three shapes is where a net for two other classes begins. First its head alone learns,
// then all of it, the backbone at a tenth of the learning rate; the weights travel through a file.

import {
  compareWeights,
  cosine,
  createReferenceDevice,
  decodeWeights,
  describePreset,
  encodeSnapshot,
  fit,
  frozenTo,
  isHead,
} from '@winnow/core'
import { drawShapes } from './shapes.ts'

const device = createReferenceDevice()
const input = { height: 16, width: 16, channels: 1 }
const source = describePreset('simple-conv', { ...input, classes: ['disc', 'square', 'cross'] })
const learnt = await fit(device, source, drawShapes(90), { epochs: 4, batchSize: 16, learningRate: 0.005 })

// #region encodeSnapshot
const file = encodeSnapshot(learnt.last, { optimizer: 'adam' }) // bytes of a safetensors file, for you to write
const { weights } = decodeWeights(file)
// #endregion

// Crosses or not: fewer photos, other classes.
const all = drawShapes(60, 7)
const photos = { ...all, labels: Array.from(all.labels, label => (label === 2 ? 1 : 0)) }
const model = describePreset('simple-conv', { ...input, classes: ['other', 'cross'] })

// #region compareWeights
const initial = { state: weights, classes: source.classes }
const { matched, otherClasses } = compareWeights(model, initial)
console.log(`Taken over: ${matched.join(', ')}. Afresh: ${otherClasses.join(', ')}.`)
// #endregion

// #region frozenTo
const head = await fit(device, model, photos, {
  initial,
  frozen: frozenTo(model, 'backbone'),
  validation: 0.2,
  epochs: 4,
  batchSize: 8,
  learningRate: 0.01,
})
// #endregion

// #region isHead
const own = isHead(model)
const whole = await fit(device, model, photos, {
  initial: { state: head.weights },
  rates: name => (own(name) ? 1 : 0.1),
  schedule: cosine(),
  validation: 0.2,
  epochs: 4,
  batchSize: 8,
  learningRate: 0.005,
})
// #endregion
const right = whole.history.at(-1)!.validation!.accuracy
console.log(`Right: ${(100 * right).toFixed(0)} %`)

export { head, matched, otherClasses, right, weights }
