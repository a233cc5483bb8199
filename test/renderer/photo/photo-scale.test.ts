// What the viewer calls 100 %: one pixel of the photo on one of the screen, however it was turned, loaded or zoomed.

import { expect, it } from 'vitest'
import { shownScale } from '../../../src/renderer/components/photo/photo-scale.ts'

const box = { width: 800, height: 600 }
const scale = (photo: { width: number; height: number }, more: Partial<Parameters<typeof shownScale>[0]> = {}) =>
  shownScale({ box, picture: photo, photo, zoom: 1, density: 1, ...more })

it("is the share of the photo's own pixels", () => {
  expect(scale({ width: 1600, height: 900 })).toBe(0.5)
  expect(scale({ width: 400, height: 300 })).toBe(2)
  expect(scale({ width: 1600, height: 900 }, { zoom: 2 })).toBe(1)
  expect(scale({ width: 1600, height: 900 }, { density: 2 }), 'a screen of finer pixels').toBe(1)
})

it("holds where a smaller picture was loaded, or one turned by its camera's mark", () => {
  expect(scale({ width: 3200, height: 1800 }, { picture: { width: 1600, height: 900 } })).toBe(0.25)
  expect(scale({ width: 1200, height: 300 }, { picture: { width: 300, height: 1200 } })).toBe(0.5)
})

it('is not told before it is known', () => {
  expect(scale({ width: 1600, height: 900 }, { picture: { width: 0, height: 0 } })).toBeNull()
})
