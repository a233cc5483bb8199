// The functions in wasm/ and the kernels that name them fit together: what a kernel calls is exported, and every field
// of a function's arguments has a name that a kernel can give.

import { expect, it } from 'vitest'
import { readArguments, sourceTexts } from '../../../scripts/build-wasm.ts'
import { fields } from '../../../build/cpu-kernels.js'

it('the built kernels are those of the sources', () => {
  expect(fields).toEqual(readArguments(sourceTexts()))
})

it('takes addresses by names in small letters and numbers by constants in capitals', () => {
  for (const [entry, list] of Object.entries(fields))
    for (const [name, type] of list)
      expect(`${entry} ${name}`, type).toMatch(type === 'usize' ? / [a-z][a-z_]*$/ : / [A-Z][A-Z_0-9]*$/)
})
