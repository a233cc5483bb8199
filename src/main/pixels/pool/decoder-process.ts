// One decode process seen from the pool: started, given batches, watched, killed. It may die at any time; that is an
// answer, not an error.

import { fork, type ChildProcess } from 'node:child_process'
import { ServiceError } from '../../../contract/errors.ts'
import type { PixelBudget } from './pixel-budget.ts'
import type { Batch, DecoderMessage, PoolMessage } from './serve-decoder.ts'
import type { DecodeResult } from '../types.ts'

/** How a batch ended: every file answered, the process died, or it was silent for too long and was killed. */
export type BatchEnd = 'done' | 'died' | 'slow'

const START_MS = 30_000
/** Time for messages that wait behind a busy event loop of our own. */
const GRACE_MS = 250
const STDERR_KEPT = 2000

export class DecoderProcess {
  readonly #child: ChildProcess
  #stderr = ''
  #alive = true
  #onMessage: (message: DecoderMessage) => void = () => {}
  #onDeath: () => void = () => {}

  /** Starts Node on the decoder's entry and waits until it is ready. ServiceError 'decoder-not-started' with what it
   *  printed. */
  static async start(decoderPath: string, nodePath: string): Promise<DecoderProcess> {
    const decoder = new DecoderProcess(decoderPath, nodePath)
    await decoder.#started(decoderPath)
    return decoder
  }

  private constructor(decoderPath: string, nodePath: string) {
    this.#child = fork(decoderPath, {
      execPath: nodePath,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT)
    })
    this.#child.on('message', message => this.#onMessage(message as DecoderMessage))
    this.#child.on('exit', () => this.#died())
    this.#child.on('error', () => this.#died())
  }

  get alive(): boolean {
    return this.#alive
  }

  #died(): void {
    this.#alive = false
    this.#onDeath()
  }

  #started(decoderPath: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.kill(), START_MS)
      this.#onMessage = () => {
        clearTimeout(timer)
        resolve()
      }
      this.#onDeath = () => {
        clearTimeout(timer)
        const said = this.#stderr.trim() || 'It printed nothing.'
        reject(
          new ServiceError(
            'decoder-not-started',
            `The photo decoder (${decoderPath}) did not start. ${said}`,
            'Run npm install again; if it goes on, run the doctor command and report what it prints.',
          ),
        )
      }
    })
  }

  /**
   * Hands over a batch. Results arrive in parcels, each file at most once; `timeoutMs` of silence ends the process.
   * Large photos wait for their share of `budget`, and that wait is no silence.
   */
  run(
    batch: Batch,
    timeoutMs: number,
    budget: PixelBudget,
    onResults: (results: readonly DecodeResult[]) => void,
  ): Promise<BatchEnd> {
    return new Promise(resolve => {
      let slow = false
      let timer: NodeJS.Timeout
      const share = budget.share()
      const watch = (): void => {
        clearTimeout(timer)
        timer = setTimeout(() => {
          timer = setTimeout(() => {
            slow = true
            this.kill()
          }, GRACE_MS)
        }, timeoutMs)
      }
      const end = (how: BatchEnd): void => {
        clearTimeout(timer)
        share.release()
        this.#onMessage = this.#onDeath = () => {}
        resolve(how)
      }
      const admit = async (pixels: number): Promise<void> => {
        clearTimeout(timer)
        if (!(await share.take(pixels))) return
        watch()
        this.#send({ type: 'go' })
      }
      this.#onDeath = () => end(slow ? 'slow' : 'died')
      this.#onMessage = message => {
        if (message.type === 'large') void admit(message.pixels)
        if (message.type !== 'results') return
        watch()
        onResults(message.results)
        if (message.last) end('done')
      }
      if (!this.#alive) return end('died')
      watch()
      this.#send({ type: 'batch', batch })
    })
  }

  #send(message: PoolMessage): void {
    this.#child.send(message, error => {
      if (error) this.kill()
    })
  }

  /** Ends the process at once, whatever it does. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
