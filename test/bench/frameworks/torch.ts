// PyTorch as a contender of its own kind: a Python process (contender.py) that reads a folder with the net, the batches
// and the weights.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { floatBatch, initialWeights, photos, type Workload } from '../training/workload.ts'

export interface TorchReport {
  readonly msPerStep: number
  readonly cpuMsPerStep: number
  readonly losses: readonly number[]
}

export interface TorchRunner {
  readonly version: string
  run(request: { readonly steps: number; readonly losses: boolean }): Promise<TorchReport>
  close(): void
}

/** The first Python that has PyTorch: of the path, or the system's own, where Debian's python3-torch is. */
function findTorch(): { readonly python: string; readonly cuda: boolean } | undefined {
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, ['-c', 'import torch; print(torch.cuda.is_available())'], {
      encoding: 'utf8',
    })
    if (status === 0) return { python, cuda: stdout.includes('True') }
  }
  return undefined
}

/** What PyTorch can run on here; nothing where there is none. */
export function torchDevices(): readonly ('cpu' | 'cuda')[] {
  const found = findTorch()
  if (!found) return []
  return found.cuda ? ['cpu', 'cuda'] : ['cpu']
}

/** `name` is "torch-<device> <configuration>". */
export async function startTorch(name: string, load: Workload): Promise<TorchRunner> {
  const [, device, configuration] = /^torch-(\w+) (.+)$/.exec(name) as unknown as [string, string, string]
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-torch-'))
  await writeFolder(folder, load)
  const child = spawn(findTorch()!.python, [join(import.meta.dirname, 'contender.py'), folder, device, configuration], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (text: Buffer) => (words += text.toString()))
  const lines = createInterface({ input: child.stdout })
  const next = () =>
    new Promise<unknown>((resolve, reject) => {
      lines.once('line', line => resolve(JSON.parse(line)))
      child.once('exit', code =>
        reject(new Error(`python3 ended with ${code}.\n${words.split('\n').slice(-8).join('\n')}`)),
      )
    })
  const { ready } = (await next()) as { ready: string }
  return {
    version: ready,
    run(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return next() as Promise<TorchReport>
    },
    close() {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function writeFolder(folder: string, load: Workload): Promise<void> {
  const set = photos(load)
  const batches = Array.from({ length: load.batches }, (_, b) => floatBatch(load, set, b, true))
  batches.forEach(({ x }, b) => writeFileSync(join(folder, `x${b}.bin`), x))
  const weights = [...(await initialWeights(load)).torch].filter(([name]) => !name.includes('running_'))
  for (const [name, { data }] of weights) writeFileSync(join(folder, `${name}.bin`), data)
  const plan = {
    layers: load.model.layers,
    input: [load.batch, set.channels, set.height, set.width],
    rate: load.rate,
    labels: batches.map(({ labels }) => [...labels]),
    weights: Object.fromEntries(weights.map(([name, { shape }]) => [name, shape])),
  }
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan))
}
