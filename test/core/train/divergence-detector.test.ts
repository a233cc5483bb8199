// The watch over the loss: noise is fine, a short spike is told once, a long one is the end.

import { expect, it } from 'vitest'
import { DivergenceDetector } from '../../../src/core/train/divergence-detector.ts'

const noisy = (i: number) => 1 + 0.1 * Math.sin(i * 12.9898)

function calm(): DivergenceDetector {
  const watch = new DivergenceDetector()
  for (let i = 0; i < 200; i++) expect(watch.add(noisy(i), 1)).toBe('fine')
  return watch
}

it('is content with a falling loss and with noise', () => {
  const watch = new DivergenceDetector()
  for (let i = 0; i < 500; i++) expect(watch.add(2.3 * Math.exp(-i / 100) + 0.05 * noisy(i), 1)).toBe('fine')
})

it('tells a spike of twenty steps once, and forgets it when it is over', () => {
  const watch = calm()
  const states = Array.from({ length: 40 }, () => watch.add(9, 1))
  expect(states.filter(state => state === 'spike')).toHaveLength(1)
  expect(states.indexOf('spike')).toBe(19)
  expect(watch.add(1, 1)).toBe('fine')
  expect(watch.add(9, 1)).toBe('fine')
})

it('gives up after two hundred steps on end, however they are grouped', () => {
  const watch = calm()
  const states = Array.from({ length: 20 }, () => watch.add(9, 10))
  expect(states.at(-1)).toBe('lost')
})
