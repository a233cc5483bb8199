// One half of the comparison with PyTorch, a process of its own: `node --import ../bench/raw-imports.ts
// side-by-side-winnow.ts <library> <folder>`. Writes what both halves learn from (pixels, labels, first weights, the
// order of every epoch) into the folder, then trains with the core itself and prints one line of JSON an epoch. No
// dropout and no augmentation: their random numbers are each framework's own.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDirectClient } from '../../src/contract/direct.ts'
import type { Client } from '../../src/contract/table.ts'
import {
  describePreset,
  pixelStatistics,
  train,
  type ModelDescription,
  type PhotoSet,
  type StateDict,
} from '../../src/core/index.ts'
import { encodeSafetensors } from '../../src/core/io/safetensors.ts'
import { forward } from '../../src/core/nn/build.ts'
import { readStateDict } from '../../src/core/nn/state-dict.ts'
import { permutation, streams } from '../../src/core/kernels/philox.ts'
import { Store } from '../../src/core/tensor/store.ts'
import { Trace } from '../../src/core/tensor/trace.ts'
import { createReferenceDevice } from '../../src/core/cpu/reference-device.ts'
import { createAppService } from '../../src/main/app/app-service.ts'
import { openDevice } from '../../src/main/hosts/gpu-node.ts'
import { loadPhotos, type RunPhotos } from '../../src/training/photos.ts'

const [library, folder] = process.argv.slice(2) as [string, string]
const plan = { size: 64, channels: 3 as const, epochs: 8, batch: 32, rate: 1e-3, seed: 1 }

const { photos, classes } = await readPhotos()
const model = withoutDropout(
  describePreset('photo-convnet', {
    height: plan.size,
    width: plan.size,
    channels: plan.channels,
    classes,
    normalise: pixelStatistics(photos.set, photos.train),
  }),
)
const first = await firstWeights(model)
writeTask(photos.set)
await learn()

async function readPhotos(): Promise<{ photos: RunPhotos; classes: string[] }> {
  const root = join(import.meta.dirname, '..', '..')
  const service = createAppService({
    host: 'terminal',
    version: 'accept',
    configFolder: join(folder, 'config'),
    librariesFolder: folder,
    homeFolder: folder,
    decoderPath: join(root, 'src', 'main', 'pixels', 'pool', 'decoder.ts'),
  })
  try {
    await service.openLibraryAt(library)
    return await photosOfANewRun(createDirectClient(service))
  } finally {
    await service.close()
  }
}

async function photosOfANewRun(client: Client): Promise<{ photos: RunPhotos; classes: string[] }> {
  const run = await client.request('runs.create', { ...plan, preset: 'photo-convnet', augment: false })
  try {
    return { photos: await loadPhotos(client, run), classes: run.classes.map(({ name }) => name) }
  } finally {
    await client.request('runs.finish', { runId: run.id, state: 'stopped', summary: null, error: null })
    await client.request('runs.delete', { runId: run.id })
  }
}

function withoutDropout(description: ModelDescription): ModelDescription {
  return { ...description, layers: description.layers.filter(({ type }) => type !== 'dropout') }
}

async function firstWeights(description: ModelDescription): Promise<StateDict> {
  const trace = new Trace({ training: true })
  forward(description, trace.tensor([2, plan.size, plan.size, plan.channels]))
  const store = new Store(createReferenceDevice(), plan.seed)
  await store.allocate(trace)
  return readStateDict(store, description)
}

function writeTask({ images, labels }: PhotoSet): void {
  const orders = Array.from({ length: plan.epochs }, (_, epoch) =>
    [...permutation(photos.train.length, plan.seed, streams.shuffle, epoch)].map(i => photos.train[i]!),
  )
  writeFileSync(join(folder, 'weights.safetensors'), encodeSafetensors(first, new Map()))
  writeFileSync(join(folder, 'pixels.u8'), images)
  writeFileSync(
    join(folder, 'task.json'),
    JSON.stringify({ ...plan, model, labels: [...labels], orders, validation: [...photos.validation] }),
  )
}

async function learn(): Promise<void> {
  const device = await openDevice('auto')
  try {
    console.log(JSON.stringify({ type: 'device', name: device.info.name }))
    const { epochs, batch, rate, seed } = plan
    const run = train({
      device,
      model,
      photos: photos.set,
      trainRows: photos.train,
      validationRows: photos.validation,
      epochs,
      batchSize: batch,
      learningRate: rate,
      seed,
      initial: { state: first },
    })
    for await (const event of run) {
      if (event.type === 'evaluated')
        console.log(JSON.stringify({ type: 'epoch', epoch: event.epoch, loss: event.loss, accuracy: event.accuracy }))
    }
  } finally {
    device.destroy()
  }
}
