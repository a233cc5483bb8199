// `fit`: the same training as the event stream, in one call; floats are the bytes they stand for, and what would be read
// wrongly is refused.

import { describe, expect, it } from 'vitest'
import {
  createReferenceDevice,
  fit,
  HistoryFold,
  photoSet,
  predict,
  score,
  train,
  type Photos,
  type TrainEvent,
} from '../../../src/core/index.ts'
import { rows, stripeModel, stripes } from './stripes.ts'

const photos = stripes(60)
const model = stripeModel('simple-conv')
const floats: Photos = { ...photos, images: Float32Array.from(photos.images, byte => byte / 255) }

describe('fit', () => {
  it('trains as the stream does, and its history is what the stream told', async () => {
    const device = createReferenceDevice()
    const [learnt, measured] = [
      stripes(48),
      { ...photos, images: photos.images.slice(48 * 144), labels: photos.labels.slice(48) },
    ]
    const events: TrainEvent[] = []
    for await (const event of train({
      device,
      model,
      photos,
      trainRows: rows(0, 48),
      validationRows: rows(48, 60),
      epochs: 3,
    }))
      events.push(event)
    const told: TrainEvent[] = []
    const { history, weights, last, state } = await fit(
      device,
      model,
      { ...learnt, images: photos.images.slice(0, 48 * 144) },
      {
        validation: measured,
        epochs: 3,
        onEvent: event => told.push(event),
      },
    )
    const evaluated = events.filter(event => event.type === 'evaluated')
    expect(history.map(entry => [entry.epoch, entry.validation])).toEqual(
      evaluated.map(({ epoch, loss, accuracy }) => [epoch, { loss, accuracy }]),
    )
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss)
    const snapshots = events.filter(event => event.type === 'checkpoint')
    expect(last).toEqual(snapshots.at(-1)!.snapshot)
    expect(weights).toEqual(snapshots.findLast(({ kind }) => kind === 'best')!.snapshot.state)
    expect([told.length, state]).toEqual([events.length, 'done'])
  })

  it('takes floats, layers alone and a share to measure on', async () => {
    const device = createReferenceDevice()
    const options = { validation: 0.25, epochs: 4 }
    const asBytes = await fit(device, model.layers, photos, options)
    const asFloats = await fit(device, model.layers, floats, options)
    expect(asFloats).toEqual(asBytes)
    expect(asBytes.model.classes).toEqual(['0', '1', '2'])
    expect(asBytes.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4])
    const answers = await predict(device, asBytes.model, asBytes.weights, photoSet(floats), rows(0, 60))
    expect(score(answers, photos.labels).accuracy).toBeGreaterThan(0.8)
  })

  it('stops at the signal with what was learnt, and goes on from there', async () => {
    const device = createReferenceDevice()
    const whole = await fit(device, model, photos, { epochs: 2 })
    const stop = new AbortController()
    const part = await fit(device, model, photos, {
      epochs: 2,
      signal: stop.signal,
      onEvent: event => event.type === 'step' && stop.abort(),
    })
    expect(part.state).toBe('stopped')
    const rest = await fit(device, model, photos, { epochs: 2, from: part.last })
    expect([rest.last, rest.history.at(-1)!.epoch]).toEqual([whole.last, 2])
  })
})

describe('the history', () => {
  it('weighs the reports by their steps and forgets what a roll-back undoes', () => {
    const fold = new HistoryFold()
    const step = (step: number, loss: number) =>
      ({
        type: 'step',
        step,
        epoch: 0,
        loss,
        accuracy: 0,
        rate: 1,
        stepsPerSecond: 1,
        secondsLeft: null,
      }) as unknown as TrainEvent
    const end = (step: number): TrainEvent => ({
      type: 'margins',
      step,
      epoch: 0,
      rows: rows(0, 0),
      margins: new Float32Array(),
    })
    fold.add({ type: 'started', stepsPerEpoch: 4 } as TrainEvent)
    for (const event of [step(1, 4), step(4, 2), end(4), step(8, 9), end(8)]) fold.add(event)
    expect(fold.entries.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [1, 2.5],
      [2, 9],
    ])
    fold.add({ type: 'note', code: 'rolled-back', message: '', step: 4 })
    for (const event of [step(8, 1), end(8)]) fold.add(event)
    expect(fold.entries.map(({ epoch, loss }) => [epoch, loss])).toEqual([
      [1, 2.5],
      [2, 1],
    ])
  })
})

describe('what would be read wrongly is refused', () => {
  const refused = (change: object) => () => photoSet({ ...photos, ...change })

  it.each([
    ['floats in 0..255', { images: Float32Array.from(photos.images) }, 'Pixel 0 is'],
    ['NaN', { images: new Float32Array(photos.images.length).fill(NaN) }, 'Pixel 0 is NaN'],
    ['16-bit pixels', { images: Uint16Array.from(photos.images) }, 'of type Uint16Array'],
    ['a label that is no number', { labels: [...photos.labels].fill(NaN, 3, 4) }, 'The label of row 3 is NaN'],
    ['a label below 0', { labels: [...photos.labels].fill(-1, 0, 1) }, 'The label of row 0 is -1'],
    ['half a class', { labels: [...photos.labels].fill(0.5, 2, 3) }, 'The label of row 2 is 0.5'],
    ['too few pixels', { images: photos.images.slice(1) }, '60 photos of 12 x 12 x 1'],
  ])('%s', (_, change, words) => {
    expect(refused(change)).toThrow(words)
    expect(refused(change)).toThrow(expect.objectContaining({ code: 'bad-data' }))
  })

  it('floats given to `train` as if they were bytes, and labels of another type', async () => {
    const asked = (change: object) =>
      train({
        device: createReferenceDevice(),
        model,
        photos: { ...photos, ...change },
        trainRows: rows(0, 48),
        validationRows: rows(48, 60),
        epochs: 1,
      }).next()
    await expect(asked({ images: floats.images })).rejects.toThrow('The pixels are of type Float32Array')
    await expect(asked({ labels: Float32Array.from(photos.labels) })).rejects.toThrow(
      'The labels are of type Float32Array',
    )
  })

  it('a net whose end is no row of logits, or of another number of classes', async () => {
    const device = createReferenceDevice()
    await expect(fit(device, model.layers.slice(0, 2), photos)).rejects.toMatchObject({ code: 'bad-model' })
    await expect(fit(device, model.layers, photos, { classes: ['one', 'two'] })).rejects.toThrow(
      'make [3] of a photo and not [2]',
    )
    await expect(fit(device, model, photos, { validation: 1 })).rejects.toThrow('validation is 1')
  })
})
