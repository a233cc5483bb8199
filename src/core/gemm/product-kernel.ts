// A kernel whose shader is that of a product, with the tile config of the device.

import { type Dims, kernel, type Grid, type Kernel, type Target, type Reference } from '../kernels/kernel.ts'
import { emit } from './emit.ts'
import type { Emitted, Product } from './product.ts'
import { tuningKey, pickTileConfig } from './tile-configs.ts'

/** A kernel made from a product; tuning measures the products of a plan. */
export interface ProductKernel<B extends string = string> extends Kernel<B> {
  /** The product for the constants of a call. */
  readonly product: (constants: Dims) => Product
}

export function productKernel<B extends string>(
  name: string,
  bindings: Kernel<B>['bindings'],
  product: (c: Dims) => Product,
  reference: Reference<B>,
  options: Pick<Kernel<B>, 'step' | 'half'> = {},
): ProductKernel<B> {
  const emitted = (c: Dims, target: Target): Emitted => {
    const made = product(c)
    return emit(made, target.tuning?.get(tuningKey(name, c)) ?? pickTileConfig(made, target))
  }
  return {
    ...kernel({
      name,
      bindings,
      source: (c, target) => emitted(c, target).wgsl,
      grid: (c, target): Grid => emitted(c, target).workgroups,
      reference,
      divisible: true,
      work: c => workOf(product(c)),
      ...options,
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
