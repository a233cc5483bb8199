// A quick model: a linear head on the features of all photos, learnt in seconds, its strength of L2 chosen by validation. What
// it leaves is that of any run: a checkpoint of backbone and head in one, predictions, features and a few events, so that it
// is evaluated, reviewed, asked and exported like one.

import { toErrorRecord } from '../../contract/errors.ts'
import type { FeatureKind, Run, RunSettings } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import {
  chooseHead,
  compareWeights,
  featureHead,
  LinearHeads,
  scoreOf,
  type ChosenHead,
  type Device,
  type ModelDescription,
  type StateDict,
} from '../../core/index.ts'
import { checkpointBytes } from '../weights/checkpoints.ts'
import { featureNet, type Backbone } from './backbone.ts'
import { readFeatures } from './compute-features.ts'

export interface QuickRunOptions {
  readonly client: Client
  readonly backbone: Backbone
  /** Whose features they are; made before. */
  readonly kind: FeatureKind
  readonly openDevice: () => Promise<Device>
  readonly signal?: AbortSignal | undefined
  /** What else the settings of the run should say. */
  readonly settings?: Pick<RunSettings, 'trainShare'>
}

/** The settings of a quick run: what a net needs to be built again, and that nothing of it is trained by steps. */
export function quickSettings({ backbone, kind, settings }: QuickRunOptions): RunSettings {
  return {
    preset: backbone.preset,
    head: 'linear',
    size: kind.size,
    channels: 3,
    fit: 'letterbox',
    epochs: 1,
    batch: 32,
    rate: 1e-3,
    seed: 1,
    augment: false,
    fromFile: backbone.name,
    ...settings,
  }
}

/** Makes the run and finishes it. Rejects with the error that the run was marked failed with. */
export async function trainQuick(options: QuickRunOptions): Promise<Run> {
  const { client, backbone } = options
  const { id: runId } = await client.request('runs.create', quickSettings(options))
  const leave = client.subscribe('trainer', { runId }, () => {})
  try {
    await client.putBytes('beginning', { runId }, backbone.bytes)
    return await learn(options, await client.request('runs.get', { runId }))
  } catch (error) {
    await client.request('runs.finish', { runId, state: 'failed', summary: null, error: toErrorRecord(error) })
    throw error
  } finally {
    leave()
  }
}

async function learn({ client, backbone, kind, openDevice, signal }: QuickRunOptions, run: Run): Promise<Run> {
  const began = performance.now()
  const { photoIds, labels, splits } = await client.request('runs.rows', { runId: run.id })
  const values = await readFeatures(client, kind, photoIds)
  const mask = (split: number) => Uint8Array.from(splits, own => (own === split ? 1 : 0))
  const device = await openDevice()
  try {
    const heads = new LinearHeads(device, { values, size: kind.numbers })
    const options = { labels, classes: run.classes.length, signal }
    const chosen = await chooseHead(heads, mask(0), mask(1), options)
    const test = run.photos.test > 0 ? scoreOf(chosen.probabilities, mask(2), options) : null
    const known = scoreOf(chosen.probabilities, mask(0), options)
    await tell(client, run, chosen, kind, device)
    await keep(client, run, backbone, kind, chosen, values)
    const summary = {
      epochs: 1,
      steps: chosen.evaluations,
      seconds: (performance.now() - began) / 1000,
      adapter: device.info.name,
      trainLoss: known.loss,
      validationAccuracy: chosen.heldOut.accuracy,
      validationLoss: chosen.heldOut.loss,
      testAccuracy: test?.accuracy ?? null,
    }
    heads.dispose()
    return await client.request('runs.finish', { runId: run.id, state: 'done', summary, error: null })
  } finally {
    device.destroy()
  }
}

async function tell(
  client: Client,
  run: Run,
  { l2, evaluations: steps, heldOut }: ChosenHead,
  { numbers }: FeatureKind,
  device: Device,
): Promise<void> {
  const { train, validation } = run.photos
  const { name: adapter, software } = device.info
  await client.request('runs.append', {
    runId: run.id,
    events: [
      {
        type: 'started',
        adapter,
        software,
        parameters: (numbers + 1) * run.classes.length,
        stepsPerEpoch: steps,
        epochs: 1,
        steps,
        batch: train,
        at: new Date().toISOString(),
      },
      {
        type: 'note',
        code: 'head-chosen',
        step: steps,
        message: `A linear head on ${numbers} features a photo; of five strengths of L2, ${l2} was least surprised by the validation photos.`,
      },
      { type: 'evaluated', step: steps, epoch: 1, split: 'validation', ...heldOut, photos: validation, complete: true },
      { type: 'checkpoint', step: steps, epoch: 1, kind: 'best' },
    ],
  })
}

/** The tensors that the net has, and no others: a backbone holds more layers than its features need. */
function ofNet(state: StateDict, model: ModelDescription): StateDict {
  const { matched } = compareWeights(model, { state })
  return new Map(matched.map(name => [name, state.get(name)!]))
}

async function keep(
  client: Client,
  run: Run,
  backbone: Backbone,
  { size, numbers }: FeatureKind,
  { head, probabilities, evaluations, heldOut }: ChosenHead,
  features: Float32Array<ArrayBuffer>,
): Promise<void> {
  const classes = run.classes.map(({ name }) => name)
  const model = featureNet(backbone, classes, size)
  const state: StateDict = new Map([
    ...backbone.state,
    [`${featureHead}.weight`, { shape: [classes.length, numbers], data: head.weight }],
    [`${featureHead}.bias`, { shape: [classes.length], data: head.bias }],
  ])
  const progress = { rateFactor: 1, momentsFrom: 0, best: { epoch: 1, ...heldOut }, unmeasured: false }
  const snapshot = { model, state: ofNet(state, model), moments: new Map(), step: evaluations, progress }
  const bytes = checkpointBytes(snapshot, 1, run.settings, 'best')
  await client.putBytes('checkpoint', { runId: run.id, kind: 'best' }, bytes)
  await client.putBytes('predictions', { runId: run.id }, new Uint8Array(probabilities.buffer))
  await client.putBytes('embeddings', { runId: run.id }, new Uint8Array(features.buffer))
}
