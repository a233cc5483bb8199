// A training small enough for any machine: 120 photos of 8 x 8 colour pixels, a net with everything that could break an
// exact resume (batch norm, dropout, augmentation, two moments).

import { train, type Device, type PhotoSet, type Snapshot, type TrainEvent } from '../../../src/core/index.ts'
import type { ModelDescription } from '../../../src/core/nn/description.ts'
import { layers } from '../../../src/core/nn/layers.ts'
import { withDefaults, type Settings } from '../../../src/core/train/settings.ts'
import { streams, uniforms } from '../../../src/core/kernels/philox.ts'

export const tinyModel: ModelDescription = {
  format: 'winnow-model',
  version: 1,
  preset: 'tiny',
  input: { height: 8, width: 8, channels: 3 },
  normalise: { mean: [0.5, 0.4, 0.3], std: [0.2, 0.3, 0.4] },
  classes: ['a', 'b', 'c'],
  layers: [
    layers.conv2d('conv1', 5, 3),
    layers.batchNorm('bn1'),
    layers.relu(),
    layers.maxPool(2),
    layers.flatten(),
    layers.dense('fc1', 7),
    layers.relu(),
    layers.dropout(0.3),
    layers.dense('fc2', 3),
  ],
}

/** Rows of class k are brighter in channel k. */
export function tinyPhotos(rows = 120): PhotoSet {
  const next = uniforms(11, streams.sample)
  const labels = Uint32Array.from({ length: rows }, (_, row) => row % 3)
  const images = Uint8Array.from(
    { length: rows * 192 },
    (_, i) => next() * 180 + (i % 3 === labels[Math.floor(i / 192)] ? 70 : 0),
  )
  return { images, labels, height: 8, width: 8, channels: 3 }
}

export function tinySettings(device: Device, more: Partial<Settings> = {}): Settings {
  return withDefaults({
    device,
    model: tinyModel,
    photos: tinyPhotos(),
    trainRows: Uint32Array.from({ length: 40 }, (_, i) => i),
    validationRows: Uint32Array.of(40, 41, 42, 43),
    epochs: 8,
    batchSize: 8,
    learningRate: 0.01,
    seed: 5,
    augmentation: { flip: { probability: 0.5 }, shift: { probability: 1, range: [-0.125, 0.125] } },
    ...more,
  })
}

/** Trains the tiny net, all of it or until a report says that `stopAfter` steps are done. */
export async function tinyTraining(
  device: Device,
  options: { readonly from?: Snapshot; readonly stopAfter?: number; readonly more?: Partial<Settings> } = {},
): Promise<{ readonly events: TrainEvent[]; readonly last: Snapshot }> {
  const { from, stopAfter = Infinity, more = {} } = options
  const stop = new AbortController()
  const events: TrainEvent[] = []
  for await (const event of train({ ...tinySettings(device, more), ...(from && { from }) }, stop.signal)) {
    events.push(event)
    if (event.type === 'step' && event.step >= stopAfter) stop.abort()
  }
  const last = events
    .flatMap(event => (event.type === 'checkpoint' && event.kind === 'last' ? [event.snapshot] : []))
    .at(-1)
  return { events, last: last! }
}

/** All numbers of a snapshot by name, to be compared to the bit. */
export function bits(snapshot: Snapshot): ReadonlyMap<string, string> {
  const averages = [...(snapshot.average ?? [])].map(([name, { data }]) => [`average of ${name}`, data] as const)
  const entries = [
    ...[...snapshot.state].map(([name, { data }]) => [name, data] as const),
    ...averages,
    ...snapshot.moments,
  ]
  return new Map(entries.map(([name, data]) => [name, Buffer.from(data.buffer).toString('base64')]))
}

/** The same device, but with room for the plan and not for the photos (23,040 bytes), so that every step is a submit.
 */
export function streamingDevice(device: Device, maxBindingBytes = 20_000): Device {
  return new Proxy(device, {
    get(target, key) {
      if (key === 'info') return { ...target.info, maxBindingBytes, maxResidentBytes: maxBindingBytes }
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
