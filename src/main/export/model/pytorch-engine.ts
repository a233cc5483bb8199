// Judges an exported PyTorch folder by PyTorch itself, where this machine has it: the folder's own predict.py in a Python
// process, which gets pixels and answers probabilities. No network, nothing but a temporary folder.

import { spawn, type ChildProcess } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ServiceError } from '../../../contract/errors.ts'
import type { ModelDescription } from '../../../core/nn/description.ts'
import { newTemporaryFolder } from '../../common/temporary-folder.ts'
import { unpackFiles } from '../../formats/small-zip.ts'
import type { ComparedEngine } from './parity.ts'

const pythons = ['python3', '/usr/bin/python3', 'python']
/** Until PyTorch has been loaded, and for one batch. */
const patienceMs = 120_000

/** Null where no Python with PyTorch is found. */
export async function openPytorch(
  zip: Uint8Array<ArrayBuffer>,
  model: ModelDescription,
): Promise<ComparedEngine | null> {
  const found = await findPytorch()
  return found && new PytorchEngine(found.python, `PyTorch ${found.version}`, zip, model)
}

async function findPytorch(): Promise<{ python: string; version: string } | null> {
  for (const python of pythons) {
    const version = await versionOf(python)
    if (version) return { python, version }
  }
  return null
}

function versionOf(python: string): Promise<string | null> {
  return new Promise(resolve => {
    const child = spawn(python, ['-c', 'import numpy, torch; print(torch.__version__)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: patienceMs,
    })
    let said = ''
    child.stdout.on('data', (data: Buffer) => void (said += data.toString()))
    child.on('error', () => resolve(null)).on('close', code => resolve(code === 0 ? said.trim() : null))
  })
}

class PytorchEngine implements ComparedEngine {
  readonly name: string
  readonly classes: number
  readonly #shape: readonly number[]
  readonly #folder = newTemporaryFolder('winnow-pytorch-')
  readonly #child: ChildProcess
  #heard = Buffer.alloc(0)
  #said = ''
  #wake: () => void = () => {}
  #over = false

  constructor(python: string, name: string, zip: Uint8Array<ArrayBuffer>, { input, classes }: ModelDescription) {
    this.name = name
    this.classes = classes.length
    this.#shape = [input.height, input.width, input.channels]
    for (const [file, bytes] of Object.entries(unpackFiles(zip))) writeFileSync(join(this.#folder, file), bytes)
    // -B: no compiled files beside the scripts.
    this.#child = spawn(python, ['-B', join(this.#folder, 'predict.py'), '--pixels'], { stdio: 'pipe' })
    this.#child.stdout!.on('data', (data: Buffer) => {
      this.#heard = Buffer.concat([this.#heard, data])
      this.#wake()
    })
    this.#child.stderr!.on('data', (data: Buffer) => void (this.#said = (this.#said + data.toString()).slice(-2000)))
    this.#child.stdin!.on('error', () => {}) // told by its end
    this.#child.on('error', error => this.#end(error.message)).on('close', () => this.#end(this.#said))
  }

  async run(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const bytes = count * this.classes * 4
    const head = Buffer.from(Uint32Array.of(count, ...this.#shape).buffer)
    this.#child.stdin!.write(Buffer.concat([head, pixels]))
    const timer = setTimeout(() => this.#child.kill(), patienceMs)
    while (this.#heard.length < bytes && !this.#over) await new Promise<void>(resolve => void (this.#wake = resolve))
    clearTimeout(timer)
    if (this.#heard.length < bytes) throw notRunnable(this.#said)
    const answers = new Float32Array(new Uint8Array(this.#heard.subarray(0, bytes)).buffer)
    this.#heard = this.#heard.subarray(bytes)
    return answers
  }

  async close(): Promise<void> {
    this.#child.stdin!.end()
    while (!this.#over) await new Promise<void>(resolve => void (this.#wake = resolve))
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #end(said: string): void {
    this.#said = said
    this.#over = true
    this.#wake()
  }
}

function notRunnable(said: string): ServiceError {
  const last = said.trim().split('\n').at(-1) ?? ''
  return new ServiceError(
    'model-not-runnable',
    `PyTorch cannot run this model: ${last || 'it ended without a word'}.`,
    'Export the model again. If it happens again, report it with this message.',
  )
}
