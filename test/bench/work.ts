// The arithmetic of one step of the workload, to give times as a share of what the adapter can do.

const batch = 100
const convolutions = [[28, 1, 16], [28, 16, 16], [14, 16, 32], [16, 32, 32], [8, 32, 64], [8, 64, 64]] as const
const dense = [[1024, 50], [50, 10]] as const

/** Multiply-adds times two: forward, weight gradients, and input gradients of all convolutions but the first. */
export function flopPerStep(): number {
  const conv = convolutions.reduce((sum, [side, c, k], i) => sum + side * side * 9 * c * k * (i === 0 ? 2 : 3), 0)
  return 2 * batch * (conv + dense.reduce((sum, [f, u]) => sum + f * u * 3, 0))
}
