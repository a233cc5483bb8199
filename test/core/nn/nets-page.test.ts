// docs/nets.md is true: its code runs as it stands there, and its nets are those of the presets.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as core from '../../../src/core/index.ts'
import type { LayerDescription } from '../../../src/core/nn/description.ts'

const page = readFileSync(new URL('../../../docs/nets.md', import.meta.url), 'utf8')
const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!).join('\n')

/** Photos of two classes: dark and light. */
function photos(): core.PhotoSet {
  const images = Uint8Array.from({ length: 48 * 144 }, (_, i) => ((i * 37) % 60) + (Math.floor(i / 144) % 2) * 150)
  return { images, labels: Uint32Array.from({ length: 48 }, (_, row) => row % 2), height: 12, width: 12, channels: 1 }
}

const rows = (from: number, to: number) => Uint32Array.from({ length: to - from }, (_, i) => from + i)

interface PageResults {
  readonly probabilities: Float32Array
  readonly together: Float32Array
  readonly best: core.Snapshot
  readonly again: core.Snapshot
  readonly onnx: Uint8Array
  readonly nets: Readonly<Record<string, LayerDescription[]>>
}

async function runPage() {
  const said: string[] = []
  const outside = {
    ...core,
    device: core.createReferenceDevice(),
    photos: photos(),
    trainRows: rows(0, 32),
    validationRows: rows(32, 48),
    say: (text: string) => said.push(text),
  }
  const results =
    'return { probabilities, together, best, again, onnx, nets: { smooth, mlp, oneConv, digits, photoNet, deep, block, branches } }'
  const body = `return (async () => {${stripTypeScriptTypes(code)}\n${results}})()`
  const run = new Function(...Object.keys(outside), body) as (...values: unknown[]) => Promise<PageResults>
  return { said, ...(await run(...Object.values(outside))) }
}

const blockOf = (name: string) => page.match(new RegExp(`\`\`\`ts ${name}\\n(.*?)\`\`\``, 's'))![1]!

/** What it prints as a file of its own. */
async function runProgram(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-program-'))
  try {
    writeFileSync(
      join(folder, 'mine.ts'),
      program
        .replace('./src/', new URL('../../../src/', import.meta.url).href)
        .replace("'webgpu'", `'${import.meta.resolve('webgpu')}'`),
    )
    const loader = new URL('../../bench/raw-imports.ts', import.meta.url).href
    return (await promisify(execFile)(process.execPath, ['--import', loader, join(folder, 'mine.ts')])).stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('docs/nets.md', () => {
  it('runs, learns, and writes the nets of the presets', async () => {
    const { said, probabilities, together, best, again, onnx, nets } = await runPage()
    expect(said.filter(line => line.startsWith('epoch')).at(-1)).toBe('epoch 4: 100 % right')
    expect(said).toContain('9 of 9 tensors begin with the given weights.')
    expect(said).toContain('stages: conv1, fc1, fc2')
    expect(said.at(-1)).toBe('11689512 parameters, 1814073344 multiplications a photo')
    expect(said).toContain('3 steps')
    expect(probabilities).toHaveLength(32)
    expect(together).toEqual(probabilities)
    expect(again).toEqual(best)
    expect(Buffer.from(onnx).includes('probabilities')).toBe(true)
    const preset = (name: string) =>
      core.describePreset(name, { height: 32, width: 32, channels: 3, classes: Array<string>(10).fill('') }).layers
    expect(nets.mlp).toEqual(preset('mlp'))
    expect(nets.digits).toEqual(preset('simple-conv'))
    expect(nets.photoNet).toEqual(preset('photo-convnet'))
    expect(nets.deep).toEqual(preset('deep-convnet'))
    for (const layers of [nets.smooth!, nets.oneConv!, [...nets.block!, ...nets.branches!]]) {
      const model = {
        format: 'winnow-model' as const,
        version: 1 as const,
        preset: 'page',
        input: { height: 28, width: 28, channels: 1 },
        normalise: { mean: [0], std: [1] },
        classes: [],
        layers,
      }
      expect(core.summarise(model).layers.length).toBeGreaterThan(0)
    }
  })
  it('begins with a program that plain Node runs', async () => {
    const said = await runProgram(blockOf('program'))
    expect(said.trim().split('\n').at(-1)).toBe('epoch 5: 100 % right')
  })
  it('takes a GPU where there is one', async () => {
    expect(await runProgram(`${blockOf('device')}\nconsole.log(device.info.kind)\ndevice.destroy()`)).toMatch(
      /^(?:gpu|cpu)\n$/,
    )
  })
})
