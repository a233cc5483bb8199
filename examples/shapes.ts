// Photos for the examples, drawn so that nothing has to be downloaded: discs, squares and crosses on noise.

import type { Photos } from '@winnow/core'

/** `count` grey photos of 16 x 16 as floats in 0..1; photo i is a disc, a square or a cross by i mod 3. */
export function drawShapes(count: number, seed = 1): Photos {
  const size = 16
  const random = numbers(seed)
  const images = new Float32Array(count * size * size)
  const labels = Uint32Array.from({ length: count }, (_, i) => i % 3)
  labels.forEach((label, i) => {
    const [x0, y0] = [6 + random() * 4, 6 + random() * 4]
    for (let p = 0; p < size * size; p++) {
      const [x, y] = [(p % size) - x0, Math.floor(p / size) - y0]
      images[i * size * size + p] = (isInside(label, x, y) ? 0.7 : 0.1) + random() * 0.3
    }
  })
  return { images, labels, height: size, width: size, channels: 1 }
}

function isInside(label: number, x: number, y: number): boolean {
  if (label === 0) return x * x + y * y < 20
  if (label === 1) return Math.abs(x) < 4 && Math.abs(y) < 4
  return Math.abs(x) < 1.5 || Math.abs(y) < 1.5
}

/** Numbers in 0..1 that are the same for the same seed (a linear congruential generator). */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32
}
