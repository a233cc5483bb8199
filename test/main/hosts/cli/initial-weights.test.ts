// winnow train --from: a run or a file gives its weights and its net, a frozen backbone stays bit for bit, and the log
// says what fitted. And --summary, which trains nothing.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeCheckpoint } from '../../../../src/core/io/checkpoint.ts'
import { decodeSafetensors, encodeSafetensors } from '../../../../src/core/io/safetensors.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal()
const best = (run: number) => join(terminal.folder, 'set.winnow', 'runs', String(run), 'best.safetensors')
const weights = (run: number) => decodeCheckpoint(readFileSync(best(run))).weights
const train = (...args: string[]) =>
  terminal.run('train', '-L', 'set', '--epochs', '1', '--batch', '4', '--device', 'cpu', '--json', ...args)
const notes = ({ events }: Awaited<ReturnType<typeof train>>) =>
  Object.fromEntries(events.filter(({ type }) => type === 'note').map(({ code, message }) => [code, message]))
const runOf = ({ events }: Awaited<ReturnType<typeof train>>) =>
  events.find(({ type }) => type === 'run')!['run'] as { id: number; settings: Record<string, unknown> }

beforeAll(async () => {
  await terminal.run('import', terminal.photos('photos', { pebbles: 8, tiles: 8 }), '-L', 'set')
  await train('--preset', 'photo-convnet', '--size', '16', '--channels', '3')
})
afterAll(() => terminal.remove())

describe('--from', () => {
  it('a run takes its net, and a frozen backbone stays while the head learns', async () => {
    const taken = await train('--from', '1', '--freeze', 'backbone')
    expect(runOf(taken).settings).toMatchObject({ preset: 'photo-convnet', size: 16, fromRunId: 1, freeze: 'backbone' })
    expect(notes(taken)).toMatchObject({
      'weights-taken': '24 of 24 tensors begin with the given weights.',
      frozen:
        'These stages stay as they begin, their batch norms in evaluation mode: conv1, conv2, conv3, conv4, fc1. These learn: fc2.',
    })
    const [before, after] = [weights(1), weights(runOf(taken).id)]
    for (const name of ['conv1.weight', 'bn4.running_mean', 'fc1.bias'])
      expect(after.get(name), name).toEqual(before.get(name))
    expect(after.get('fc2.weight')).not.toEqual(before.get('fc2.weight'))
  })

  it('a run sees photos as the run it begins with did, unless the person says another way', async () => {
    const barred = runOf(await train('--preset', 'softmax', '--size', '8', '--fit', 'letterbox'))
    const [squashed, taken, said] = [
      runOf(await train('--from', '1')),
      runOf(await train('--from', String(barred.id))),
      runOf(await train('--from', String(barred.id), '--fit', 'squash')),
    ]
    expect([barred, squashed, taken, said].map(({ settings }) => settings['fit'] ?? 'squash')).toEqual([
      'letterbox',
      'squash',
      'letterbox',
      'squash',
    ])
  })

  it('a checkpoint as a file brings its net along', async () => {
    copyFileSync(best(1), join(terminal.folder, 'backbone.safetensors'))
    const taken = await train('--from', 'backbone.safetensors', '--freeze', '2', '--backbone-rate', '0.1')
    expect(runOf(taken).settings).toMatchObject({
      preset: 'photo-convnet',
      size: 16,
      fromFile: 'backbone.safetensors',
      freeze: 2,
      backboneRate: 0.1,
    })
    expect(weights(runOf(taken).id).get('conv2.weight')).toEqual(weights(1).get('conv2.weight'))
    expect(weights(runOf(taken).id).get('conv3.weight')).not.toEqual(weights(1).get('conv3.weight'))
  })

  it('a state dict of other software is recognised by its tensors, and what does not fit is named', async () => {
    const { tensors } = decodeSafetensors(readFileSync(best(1)))
    const head = { shape: [5, 128], data: new Float32Array(640) }
    writeFileSync(
      join(terminal.folder, 'foreign.safetensors'),
      encodeSafetensors(new Map([...tensors, ['fc2.weight', head]]), new Map([['format', 'pt']])),
    )
    const taken = await train('--from', 'foreign.safetensors', '--size', '16')
    expect(runOf(taken).settings).toMatchObject({
      preset: 'photo-convnet',
      channels: 3,
      fromFile: 'foreign.safetensors',
    })
    expect(notes(taken)['weights-taken']).toBe(
      '23 of 24 tensors begin with the given weights. Of another shape, so they start afresh: fc2.weight is [5, 128] in the file and [2, 128] here.',
    )
  })

  it.each<[string[], string]>([
    [['--from', 'nowhere.safetensors'], 'There is no file'],
    [['--from', '77'], 'There is no done or stopped run "77"'],
    [['--from', 'photos/tiles/tiles-0.png'], 'header'],
    [['--freeze', '2'], 'Fresh weights that are frozen would never learn anything.'],
    [
      ['--from', '1', '--freeze', '6'],
      'photo-convnet has 6 stages (conv1, conv2, conv3, conv4, fc1, fc2), so freezing 6 would leave nothing to learn.',
    ],
    [['--from', '1', '--freeze', 'backbone', '--backbone-rate', '0.5'], 'has no effect on a frozen backbone'],
  ])('%j is refused with a sentence', async (args, said) => {
    const { code, events } = await train(...args)
    expect(code).toBe(1)
    expect((events.at(-1)!['error'] as { message: string }).message).toContain(said)
  })

  it('weights of another net are refused before a step is made', async () => {
    const { code, events } = await train('--from', 'foreign.safetensors', '--preset', 'softmax')
    expect(code).toBe(1)
    expect((events.at(-1)!['error'] as { code: string }).code).toBe('bad-checkpoint')
  })
})

it('another optimizer than the suggested one takes its own decay', async () => {
  const trained = await train('--preset', 'softmax', '--size', '8', '--optimizer', 'adam')
  expect(runOf(trained).settings).not.toHaveProperty('decay')
})

describe('--summary', () => {
  it('lists the layers of the net and its cost, and trains nothing', async () => {
    const { code, out } = await terminal.run(
      'train',
      '-L',
      'set',
      '--preset',
      'resnet18',
      '--size',
      '64',
      '--batch',
      '32',
      '--summary',
    )
    expect(code).toBe(0)
    expect(out).toMatch(/^layer4\.0\.downsample\.0 +conv2d +2 x 2 x 512 +131,072 +1\.0 M$/m)
    expect(out).toContain('11,177,538 parameters (45 MB)')
    expect((await terminal.run('review', '-L', 'set', '--run', '99')).err).not.toContain('resnet18')
  })
})
