// The 2 x 2 windows of a norm that pools: a norm rises or falls, so the largest normalised value is the largest x where
// gamma is not negative, else the smallest.

/** The row of x [N H W] at the upper left of window `row` of [N H/2 W/2]. */
export function windowCorner(row: i32, height: i32, width: i32): usize {
  const down = height / 2
  const across = width / 2
  const photo = row / (down * across)
  return <usize>((photo * height + ((row / across) % down) * 2) * width + (row % across) * 2)
}

/** The value that wins in each of four channels. */
@inline
export function windowLargest(corner: usize, rowBytes: usize, width: i32, gamma: v128): v128 {
  const below = corner + <usize>width * rowBytes
  const a = v128.load(corner)
  const b = v128.load(corner + rowBytes)
  const c = v128.load(below)
  const d = v128.load(below + rowBytes)
  const falls = f32x4.lt(gamma, f32x4.splat(0))
  const largest = f32x4.max(f32x4.max(a, b), f32x4.max(c, d))
  const smallest = f32x4.min(f32x4.min(a, b), f32x4.min(c, d))
  return v128.bitselect(smallest, largest, falls)
}
