// PyTorch's own files (scripts/golden/pth.py made them): tensors and plain containers are read, views and halves too;
// everything else is refused by name, and so is what is cut off.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { decodeWeights } from '../../../src/core/io/checkpoint.ts'
import { decodePth } from '../../../src/core/io/pth.ts'

const read = (name: string) => new Uint8Array(readFileSync(new URL(`../golden/${name}`, import.meta.url)))

it.each(['state.pth', 'checkpoint.pth'])('the state dict in %s', name => {
  const tensors = decodePth(read(name))
  expect(tensors.get('module.fc.weight')).toEqual({
    shape: [3, 4],
    data: Float32Array.from({ length: 12 }, (_, i) => i),
  })
  expect([...tensors.get('module.fc.bias')!.data]).toEqual([0.5, -1, 2])
  expect(tensors.get('module.view')).toEqual({ shape: [2, 3], data: Float32Array.of(1, 5, 9, 2, 6, 10) })
  expect([...tensors.get('module.bn.num_batches_tracked')!.data]).toEqual([7])
})

it('loses the wrapper before its names, and says so', () => {
  const { weights, notes, model } = decodeWeights(read('state.pth'))
  expect([...weights.keys()]).toContain('fc.weight')
  expect(notes).toEqual(['“module.” was taken off the names of all 4 tensors.'])
  expect(model).toBeNull()
})

it('a whole module is refused by what it asks for', () => {
  expect(() => decodePth(read('whole-module.pth'))).toThrow('torch.nn.modules.linear.Linear')
})

it('the form of before version 1.6 is told apart', () => {
  expect(() => decodeWeights(read('old.pth'))).toThrow('before version 1.6')
})

it('cut off anywhere it ends in a sentence', () => {
  const file = read('state.pth')
  for (let length = 4; length < file.length; length += 97)
    expect(() => decodePth(file.slice(0, length))).toThrow(expect.objectContaining({ code: 'bad-checkpoint' }))
})

it('damaged anywhere it ends in a sentence or in numbers, never in another error', () => {
  const file = read('state.pth')
  for (let at = 30; at < file.length; at += 13) {
    const broken = file.slice()
    broken[at] = 255 - broken[at]!
    try {
      decodePth(broken)
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad-checkpoint' })
    }
  }
})
