// A worker of the page: opens its own way to the service, says what it will compute on, runs one training at a time,
// and answers single photos. Work here never touches the page's thread, so the page stays smooth however hard it
// computes.

import { toErrorRecord } from '../../contract/errors.ts'
import { trainFolds } from '../../training/cross-validation.ts'
import { WasmDevice, type Device } from '../../core/index.ts'
import { LabelCheckSession } from '../../training/features/label-check-session.ts'
import { loadBackbone, makeQuickModel } from '../../training/features/quick-model.ts'
import { tuningCache } from '../../training/tuning-cache.ts'
import { previewInitialWeights } from '../../training/preview.ts'
import { trainRun } from '../../training/session.ts'
import { findAdapter, openDevice } from './adapter.ts'
import { spareThread } from './cpu-threads.ts'
import { RunPredictor } from './predictor.ts'
import { ServiceLink } from './link.ts'
import type { ComputeChoice, FromWorker, ToWorker } from './messages.ts'

/** The few things of a worker's scope that are used here; the page's type check knows windows only. */
interface Scope {
  postMessage(message: FromWorker): void
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null
  readonly navigator: { readonly gpu?: GPU; readonly userAgent: string }
}

export class TrainingWorker {
  readonly #scope: Scope
  readonly #link: ServiceLink
  readonly #predictor: RunPredictor
  #choice: ComputeChoice = 'auto'
  #abort: AbortController | null = null
  #goOn: (() => void) | null = null
  #paused: Promise<void> | null = null
  #device: Device | null = null
  #labels: LabelCheckSession | null = null

  constructor(scope: Scope) {
    this.#scope = scope
    this.#link = new ServiceLink(() => scope.postMessage({ kind: 'port-please' }))
    this.#predictor = new RunPredictor({ client: () => this.#link.client, openDevice: () => this.#openDevice() })
    scope.onmessage = event => this.#hear(event.data)
  }

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'connect':
        this.#link.connect(message)
        break
      case 'compute-on':
        void this.#computeOn(message.choice)
        break
      case 'start':
        void this.#train(message.runId)
        break
      case 'start-folds':
        void this.#crossValidate(message)
        break
      case 'start-quick':
        void this.#makeQuick(message.backbone)
        break
      case 'check-labels':
        void this.#checkLabels(message.backbone)
        break
      case 'pause':
        this.#paused ??= new Promise(resolve => {
          this.#goOn = resolve
        })
        break
      case 'resume':
        this.#resume()
        break
      case 'stop':
        this.#abort?.abort()
        this.#resume()
        break
      case 'ask':
        void this.#answer(message)
        break
      case 'look':
        void this.#look(message)
        break
      case 'spare-thread':
        if (this.#device instanceof WasmDevice) spareThread(this.#device, message.spare)
        break
      case 'rest':
        this.#predictor.close()
        break
    }
  }

  async #computeOn(choice: ComputeChoice): Promise<void> {
    this.#choice = choice
    this.#predictor.close()
    this.#labels?.close()
    this.#labels = null
    const { info } = await findAdapter(this.#scope.navigator.gpu, choice)
    if (this.#choice === choice) this.#scope.postMessage({ kind: 'device', device: info })
  }

  async #train(runId: number): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    try {
      await trainRun({
        client: this.#link.client,
        runId,
        signal: this.#abort.signal,
        openDevice: () => this.#openDevice(),
        gate: async () => {
          await this.#paused
        },
        onEvent: event => {
          if (event.type === 'started') this.#scope.postMessage({ kind: 'started' })
        },
      })
      this.#scope.postMessage({ kind: 'ended' })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  async #crossValidate({ runId, folds, seed }: Extract<ToWorker, { kind: 'start-folds' }>): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    try {
      const complete = await trainFolds({
        client: this.#link.client,
        runId,
        folds,
        seed,
        signal: this.#abort.signal,
        openDevice: () => this.#openDevice(),
        gate: async () => {
          await this.#paused
        },
        onProgress: progress => this.#scope.postMessage({ kind: 'folds', progress }),
      })
      this.#scope.postMessage({ kind: 'folds-ended', complete })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  async #makeQuick(name: string): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    const client = this.#link.client
    try {
      const runId = await makeQuickModel({
        client,
        backbone: await loadBackbone(client, name),
        signal: this.#abort.signal,
        openDevice: () => this.#openDevice(),
        gate: async () => {
          await this.#paused
        },
        onProgress: progress => this.#scope.postMessage({ kind: 'quick', progress }),
      })
      this.#scope.postMessage({ kind: 'quick-ended', runId })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  async #checkLabels(name: string): Promise<void> {
    this.#abort = new AbortController()
    this.#resume()
    const client = this.#link.client
    try {
      this.#labels ??= new LabelCheckSession({
        client,
        backbone: await loadBackbone(client, name),
        openDevice: () => this.#openDevice(),
      })
      const { report, expected } = await this.#labels.check({
        signal: this.#abort.signal,
        gate: async () => {
          await this.#paused
        },
        onProgress: progress => this.#scope.postMessage({ kind: 'label-check', progress }),
      })
      this.#scope.postMessage({ kind: 'labels-checked', evidenceId: report.id, expected: expected.accuracy })
    } catch (error) {
      this.#scope.postMessage({ kind: 'failed', error: toErrorRecord(error) })
    }
  }

  async #answer({ id, runId, photo, label }: Extract<ToWorker, { kind: 'ask' }>): Promise<void> {
    try {
      this.#scope.postMessage({
        kind: 'answer',
        id,
        answer: await this.#predictor.answer(runId, photo, label ?? undefined),
      })
    } catch (error) {
      this.#scope.postMessage({ kind: 'no-answer', id, error: toErrorRecord(error) })
    }
  }

  async #look({ id, question }: Extract<ToWorker, { kind: 'look' }>): Promise<void> {
    try {
      this.#scope.postMessage({ kind: 'look', id, look: await previewInitialWeights(this.#link.client, question) })
    } catch (error) {
      this.#scope.postMessage({ kind: 'no-answer', id, error: toErrorRecord(error) })
    }
  }

  async #openDevice(): Promise<Device> {
    const { gpu, userAgent } = this.#scope.navigator
    this.#device = await openDevice(gpu, this.#choice, (info, software) =>
      tuningCache(this.#link.client)(info, userAgent, software),
    )
    return this.#device
  }

  #resume(): void {
    this.#goOn?.()
    this.#goOn = null
    this.#paused = null
  }
}

new TrainingWorker(self as unknown as Scope)
