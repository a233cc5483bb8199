// Everything that a quick model needs, one after the other: features of the photos that lack them, the doubts about labels with
// the accuracy to expect, and the model itself. The page's worker and the terminal run the same steps.

import type { Client } from '../../contract/table.ts'
import type { Device } from '../../core/index.ts'
import { readBackbone, type Backbone } from './backbone.ts'
import { computeFeatures } from './compute-features.ts'
import { LabelChecker } from './label-check.ts'
import { trainQuick } from './quick-run.ts'

export interface QuickProgress {
  readonly stage: 'features' | 'doubts' | 'model'
  readonly done: number
  readonly total: number
  /** Share of new photos that will be right, once it is known. */
  readonly expected: number | null
}

export interface QuickModelOptions {
  readonly client: Client
  readonly backbone: Backbone
  readonly openDevice: () => Promise<Device>
  readonly signal: AbortSignal
  readonly gate: () => Promise<void>
  readonly onProgress: (progress: QuickProgress) => void
}

/** Answers the number of the finished run. */
export async function makeQuickModel({ onProgress, ...options }: QuickModelOptions): Promise<number> {
  const { client, backbone, openDevice, signal } = options
  const tell = (stage: QuickProgress['stage'], done: number, total: number, expected: number | null = null) =>
    onProgress({ stage, done, total, expected })
  const { kind } = await computeFeatures({
    ...options,
    size: backbone.size,
    onProgress: (done, total) => tell('features', done, total),
  })
  tell('doubts', 0, 1)
  const checker = new LabelChecker({ client, kind, openDevice })
  const { expected } = await checker.check(signal).finally(() => checker.close())
  tell('model', 0, 1, expected.accuracy)
  const run = await trainQuick({ client, backbone, kind, openDevice, signal })
  return run.id
}

/** A backbone of the machine that the service runs on. */
export async function loadBackbone(client: Client, name: string): Promise<Backbone> {
  const { id } = await client.request('backbones.identify', { name })
  return readBackbone(id, name, await client.getBytes('backbone', { name }))
}
