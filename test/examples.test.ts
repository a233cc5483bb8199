// Every example runs, on the reference device, and comes to what it promises.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openEngine } from '../src/main/export/model/engine.ts'
import { pythonWith, runPython } from './python.ts'

const folder = mkdtempSync(join(tmpdir(), 'winnow-examples-'))
const told = vi.spyOn(console, 'log').mockImplementation(() => {})
beforeAll(() => vi.stubEnv('EXAMPLE_FOLDER', folder))
afterAll(() => {
  told.mockRestore()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

it('train-a-net learns the shapes', async () => {
  const { history, names } = await import('../examples/train-a-net.ts')
  expect(history).toHaveLength(14)
  expect(history.at(-1)!.validation!.accuracy).toBeGreaterThan(0.9)
  expect(names).toEqual(['disc', 'square', 'cross', 'disc', 'square', 'cross'])
})

it('own-layer trains a block that core does not know', async () => {
  const { history, parameters, weights } = await import('../examples/own-layer.ts')
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 2)
  expect([...weights.keys()]).toContain('block2.depthwise.weight')
  expect(parameters).toBeGreaterThan(500)
})

it('own-op trains with an op, a loss and a metric that core does not know', async () => {
  const { history, model, weights } = await import('../examples/own-op.ts')
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss / 2)
  expect(history.at(-1)!.validation!.metrics!.worstClass).toBeGreaterThan(0.6)
  expect(weights.get('act1.weight')!.data.some(value => value !== 0.25)).toBe(true)
  expect(model.layers.map(({ type }) => type)).toEqual([
    'conv2d',
    'own',
    'max-pool',
    'conv2d',
    'silu',
    'global-average-pool',
    'dense',
  ])
})

it('fine-tune leaves the backbone alone, then learns the rest', async () => {
  const { head, matched, otherClasses, right, weights } = await import('../examples/fine-tune.ts')
  expect([matched.length > 0, otherClasses.length]).toEqual([true, 2])
  for (const name of matched) expect(head.weights.get(name)!.data).toEqual(weights.get(name)!.data)
  expect(right).toBeGreaterThan(0.8)
})

it('write-onnx writes a file that another engine answers from as Winnow does', async () => {
  const { probabilities, two } = await import('../examples/write-onnx.ts')
  const file = new Uint8Array(readFileSync(join(folder, 'shapes.onnx')))
  const engine = await openEngine(file)
  const answers = await engine.run(two, 2)
  expect(engine.metadata.labels).toEqual(['disc', 'square', 'cross'])
  await engine.close()
  answers.forEach((answer, i) => expect(answer).toBeCloseTo(probabilities[i]!, 5))
})

const python = pythonWith('onnxruntime', 'numpy') ?? pythonWith('cv2', 'onnx', 'numpy')

it.skipIf(python === null)('read-onnx gives the same answers in Python', async () => {
  const { probabilities } = await import('../examples/write-onnx.ts')
  const script = readFileSync(join(import.meta.dirname, '..', 'examples', 'read-onnx.py'), 'utf8')
  const lines = runPython(python!, script, [folder]).trim().split('\n')
  const labels = ['disc', 'square', 'cross']
  const expected = [0, 1].map(i => {
    const row = Array.from(probabilities.slice(3 * i, 3 * i + 3))
    const best = Math.max(...row)
    return `${labels[row.indexOf(best)]} (${best.toFixed(4)})`
  })
  expect(lines).toEqual(expected)
})

it('no example is left out', () => {
  const names = readdirSync(join(import.meta.dirname, '..', 'examples')).sort()
  expect(names).toEqual([
    'fine-tune.ts',
    'own-layer.ts',
    'own-op.ts',
    'read-onnx.py',
    'shapes.ts',
    'train-a-net.ts',
    'write-onnx.ts',
  ])
})
