// The table of blocks says for every 64 parameters where their partial gradients lie: first gradient, stride, partial
// sums (0: no gradient), and the factor of the rate, negative where weight decay leaves the block alone
// (src/core/optim/optimizer.ts).

export const blockLength: i32 = 64

@unmanaged
export class Block {
  first: i32
  stride: i32
  parts: i32
  factor: f32
}

@inline
export function blockAt(blocks: usize, block: i32): Block {
  return changetype<Block>(blocks + (<usize>block << 4))
}

/** The sum of the partial gradients of four parameters, `at` elements into the block. */
@inline
export function gradientOf(block: Block, gradients: usize, at: i32): v128 {
  let sum = f32x4.splat(0)
  let from = gradients + (<usize>(block.first + at) << 2)
  for (let part = 0; part < block.parts; part++) {
    sum = f32x4.add(sum, v128.load(from))
    from += <usize>block.stride << 2
  }
  return sum
}

@inline
export function absolute(value: f32): f32 {
  return value < 0 ? -value : value
}
