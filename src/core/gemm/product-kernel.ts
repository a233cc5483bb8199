// A kernel whose shader is that of a product, with the tile config of the device.

import { kernel, type Bindings, type Dims, type Grid, type Kernel, type KernelParts } from '../kernels/kernel.ts'
import type { Target } from '../kernels/target.ts'
import { emit } from './emit.ts'
import type { Emitted, Product } from './product.ts'
import { pickTileConfig, tuningKey } from './tile-configs.ts'

/** A kernel made from a product; tuning measures the products of a plan. */
export interface ProductKernel<B extends Bindings = Bindings, C extends string = string> extends Kernel<B, C> {
  /** The product for the constants of a call. */
  product(constants: Dims<C>): Product
}

export interface ProductDeclaration<B extends Bindings, C extends string> extends Omit<
  KernelParts<B, C>,
  'source' | 'work'
> {
  product(constants: Dims<C>): Product
}

export function productKernel<const B extends Bindings, const C extends string>({
  product,
  ...parts
}: ProductDeclaration<B, C>): ProductKernel<B, C> {
  const emitted = (c: Dims<C>, target: Target): Emitted => {
    const made = product(c)
    return emit(made, target.tuning?.get(tuningKey(parts.name, c)) ?? pickTileConfig(made, target))
  }
  return {
    ...kernel<B, C>({
      ...parts,
      source: (c, target) => emitted(c as Dims<C>, target).wgsl,
      grid: (c, target): Grid => emitted(c, target).workgroups,
      divisible: true,
      work: c => workOf(product(c)),
    }),
    product,
  }
}

function workOf({ m, n, k, slices }: Product): number {
  return m * n * k * slices
}

export function isProductKernel(kernel: Kernel): kernel is ProductKernel {
  return 'product' in kernel
}
