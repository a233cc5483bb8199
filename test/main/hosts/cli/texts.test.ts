// Numbers as people read them.

import { describe, expect, it } from 'vitest'
import { count, fileSize, seconds } from '../../../../src/main/hosts/cli/texts.ts'

describe('times', () => {
  it.each([
    [0, '0.0 s'],
    [5_040, '5.0 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 0 s'],
    [179_900, '3 min 0 s'],
    [3_599_600, '1 h 0 min'],
    [5_430_000, '1 h 30 min'],
  ])('%d ms are %s', (ms, text) => {
    expect(seconds(ms)).toBe(text)
  })
})

describe('sizes', () => {
  it.each([
    [220, '1 kB'],
    [8_200, '9 kB'],
    [99_000, '99 kB'],
    [1_540_000, '1.5 MB'],
    [538_000_000, '538 MB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(fileSize(bytes)).toBe(text)
  })
})

describe('counts', () => {
  it.each([
    [1, 'photo', '1 photo'],
    [2, 'photo', '2 photos'],
    [2, 'class', '2 classes'],
    [2000, 'copy', '2,000 copies'],
  ] as const)('%d %s', (number, noun, text) => {
    expect(count(number, noun)).toBe(text)
  })
})
