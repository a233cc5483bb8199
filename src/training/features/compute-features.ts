// Features of all photos of the library that have none yet, made on any host: pixels come from the service in batches, the
// backbone reads them on a device, and what it makes of them goes back. The next batch is decoded while one is computed. What
// is made is kept at once, so the work can stop anywhere and go on another day.

import { ServiceError } from '../../contract/errors.ts'
import type { FeatureKind } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import { createFeatureExtractor, type Device, type FeatureExtractor, type StateDict } from '../../core/index.ts'
import { featureNet, kindOf, type Backbone } from './backbone.ts'

export interface ComputeFeaturesOptions {
  readonly client: Client
  readonly backbone: Backbone
  readonly size: number
  readonly openDevice: () => Promise<Device>
  readonly signal?: AbortSignal | undefined
  /** Awaited between batches: a promise that waits is a pause. */
  readonly gate?: () => Promise<void>
  readonly onProgress?: (done: number, total: number) => void
}

export interface ComputedFeatures {
  readonly kind: FeatureKind
  /** Usable photos, those made now, and those of them that could not be read. */
  readonly photos: number
  readonly made: number
  readonly unread: number
  readonly seconds: number
}

const batch = 16

/** ServiceError 'features-stopped', 'cancelled'; CoreErrors of the device. */
export async function computeFeatures(options: ComputeFeaturesOptions): Promise<ComputedFeatures> {
  const { client, backbone, size } = options
  const began = performance.now()
  const kind = kindOf(backbone, size)
  const { jobId, photoIds, photos } = await client.request('features.begin', kind)
  if (jobId === null) return { kind, photos, made: 0, unread: 0, seconds: 0 }
  const device = await options.openDevice()
  try {
    const net = featureNet(backbone, ['any'], size)
    const extractor = await createFeatureExtractor(device, net, withHead(backbone.state, kind.numbers), batch)
    const unread = await work(options, extractor, kind, jobId, photoIds)
    extractor.dispose()
    const seconds = (performance.now() - began) / 1000
    return { kind, photos, made: photoIds.length - unread, unread, seconds }
  } finally {
    device.destroy()
    await client.request('features.end', { jobId })
  }
}

/** What a head of one class would hold: it is computed with the rest and used for nothing. */
function withHead(state: StateDict, numbers: number): StateDict {
  return new Map([
    ...state,
    ['head.weight', { shape: [1, numbers], data: new Float32Array(numbers) }],
    ['head.bias', { shape: [1], data: new Float32Array(1) }],
  ])
}

/** Answers how many photos could not be read. */
async function work(
  { client, size, signal, gate, onProgress }: ComputeFeaturesOptions,
  extractor: FeatureExtractor,
  kind: FeatureKind,
  jobId: number,
  photoIds: readonly number[],
): Promise<number> {
  const pieces = Array.from({ length: Math.ceil(photoIds.length / batch) }, (_, i) =>
    photoIds.slice(i * batch, (i + 1) * batch),
  )
  const ask = (ids: readonly number[] | undefined) =>
    ids && client.getBytes('featurePixels', { jobId, photoIds: ids.join(), size })
  let [done, unread] = [0, 0]
  let coming = ask(pieces[0])
  for (const [i, ids] of pieces.entries()) {
    if (signal?.aborted) throw stopped()
    await gate?.()
    const bytes = await coming!
    coming = ask(pieces[i + 1])
    coming?.catch(() => {}) // told where it is awaited
    const read = ids.filter((_, photo) => bytes[photo] === 1)
    if (read.length > 0) {
      const features = await extractor.extract(bytes.slice(ids.length), read.length)
      const params = { ...kind, photoIds: read.join(), jobId }
      await client.putBytes('features', params, new Uint8Array(features.buffer))
    }
    unread += ids.length - read.length
    onProgress?.((done += ids.length), photoIds.length)
  }
  return unread
}

function stopped(): ServiceError {
  return new ServiceError(
    'cancelled',
    'Making the features was stopped; those that were made are kept.',
    'Start it again to go on.',
  )
}

/** Features of these photos, [photos numbers], in their order; 0 for a photo without any. */
export async function readFeatures(
  client: Client,
  kind: FeatureKind,
  photoIds: readonly number[],
): Promise<Float32Array<ArrayBuffer>> {
  const values = new Float32Array(photoIds.length * kind.numbers)
  for (let from = 0; from < photoIds.length; from += 500) {
    const ids = photoIds.slice(from, from + 500)
    const bytes = await client.getBytes('features', { ...kind, photoIds: ids.join(), jobId: 0 })
    values.set(new Float32Array(bytes.slice().buffer), from * kind.numbers)
  }
  return values
}
