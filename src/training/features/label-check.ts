// The label check before any training: five folds of heads on features, each of which judges photos it has not learnt from. It
// keeps the features, the device and the heads of the last time, so that after a decision a second is enough.

import type { FeatureKind, LabelCheckRows, LabelIssueReport } from '../../contract/records.ts'
import type { Client } from '../../contract/table.ts'
import { LinearHeads, outOfFold, type Device, type OutOfFold, type Score } from '../../core/index.ts'
import { answerUnlabelled } from './answer-unlabelled.ts'
import { readFeatures } from './compute-features.ts'

export interface LabelCheckResult {
  readonly report: LabelIssueReport
  readonly rows: LabelCheckRows
  /** What heads that had not seen a photo said of it: what a quick model can be expected to reach. */
  readonly expected: Score
  readonly seconds: number
}

export interface LabelCheckerOptions {
  readonly client: Client
  readonly kind: FeatureKind
  readonly openDevice: () => Promise<Device>
  /** Default 5. */
  readonly folds?: number
  readonly seed?: number
}

interface PreparedHeads {
  readonly device: Device
  readonly heads: LinearHeads
  /** [photos numbers] */
  readonly values: Float32Array
  readonly photoIds: string
}

export class LabelChecker {
  readonly #options: LabelCheckerOptions
  #held: PreparedHeads | undefined
  /** The folds' heads of the last time, and what they were of. */
  #before: { readonly of: string; readonly found: OutOfFold } | undefined

  constructor(options: LabelCheckerOptions) {
    this.#options = options
  }

  /** ServiceErrors of 'labelCheck.begin'. */
  async check(signal?: AbortSignal): Promise<LabelCheckResult> {
    const began = performance.now()
    const { client, kind, folds = 5, seed = 1 } = this.#options
    const rows = await client.request('labelCheck.begin', { ...kind, folds, seed })
    const { heads, values } = await this.#prepared(rows)
    const of = JSON.stringify([rows.photoIds, rows.classes.map(({ id }) => id), rows.folds, rows.foldOf])
    const found = await outOfFold(
      heads,
      rows,
      { labels: rows.labels, classes: rows.classes.length, signal },
      this.#before?.of === of ? this.#before.found : undefined,
    )
    this.#before = { of, found }
    const { checkId } = rows
    await client.putBytes('labelCheckProbabilities', { checkId }, new Uint8Array(found.probabilities.slice().buffer))
    const proposals = await answerUnlabelled({ client, kind, rows, values, heads: found.heads, signal })
    await client.putBytes('labelCheckProposals', { checkId }, new Uint8Array(proposals.buffer))
    const report = await client.request('labelCheck.end', { checkId })
    return { report, rows, expected: found.score, seconds: (performance.now() - began) / 1000 }
  }

  async #prepared({ photoIds }: LabelCheckRows): Promise<PreparedHeads> {
    const ids = photoIds.join()
    if (this.#held?.photoIds === ids) return this.#held
    this.#held?.heads.dispose()
    const { client, kind, openDevice } = this.#options
    const device = this.#held?.device ?? (await openDevice())
    const values = await readFeatures(client, kind, photoIds)
    this.#held = { device, heads: new LinearHeads(device, { values, size: kind.numbers }), values, photoIds: ids }
    return this.#held
  }

  close(): void {
    this.#held?.heads.dispose()
    this.#held?.device.destroy()
    this.#held = undefined
  }
}
